import type { RunEvent } from '@eden/client';
import { useMemo } from 'react';
import { ListTable, type Column } from '../../parts/list-table.js';
import { Moment } from '../../parts/time.js';
import { TEXTS } from '../../texts.js';
import { describeEvent } from './describe-event.js';

const COLUMNS: readonly Column<RunEvent>[] = [
  { id: 'at', title: TEXTS.run.logColumns.at, width: '170px', cell: ({ at }) => <Moment at={at} /> },
  {
    id: 'what',
    title: TEXTS.run.logColumns.what,
    width: 'minmax(200px, 1fr)',
    cell: (event) => {
      const text = describeEvent(event);
      return <span title={text}>{text}</span>;
    },
  },
];

/** What happened, the latest first. */
export function RunLog({ events }: { readonly events: readonly RunEvent[] }) {
  const latestFirst = useMemo(() => events.toReversed(), [events]);
  return (
    <section className="block">
      <h2>
        {TEXTS.run.log} <span className="count">{events.length}</span>
      </h2>
      {events.length === 0 ? (
        <p className="dim">{TEXTS.loading}</p>
      ) : (
        <ListTable
          label={TEXTS.run.logList}
          items={latestFirst}
          columns={COLUMNS}
          keyOf={({ sequence }) => String(sequence)}
        />
      )}
    </section>
  );
}
