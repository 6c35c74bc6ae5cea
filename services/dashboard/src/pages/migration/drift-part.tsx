import type { Drift, Migration } from '@eden/client';
import { useMemo } from 'react';
import { useResource } from '../../data/use-resource.js';
import { ListTable, type Column } from '../../parts/list-table.js';
import { Empty, Loaded } from '../../parts/loaded.js';
import { ToneShape, type Tone } from '../../parts/state-mark.js';
import { Age } from '../../parts/time.js';
import { TEXTS } from '../../texts.js';
import { differencesOf, type Difference } from './differences.js';

const T = TEXTS.migration.drift;
const TONES: Readonly<Record<Drift['change'], Tone>> = { added: 'ok', changed: 'waiting', removed: 'failed' };

const COLUMNS: readonly Column<Difference>[] = [
  {
    id: 'object',
    title: T.columns.object,
    width: 'minmax(180px, 2fr)',
    cell: ({ object, change }) => (
      <>
        <ToneShape tone={TONES[change]} /> {T.changes[change]} <code title={object}>{object}</code>
      </>
    ),
  },
  {
    id: 'databases',
    title: T.columns.databases,
    width: 'minmax(130px, 1.5fr)',
    cell: ({ endpoints }) => <span title={endpoints.join(', ')}>{T.databases(endpoints)}</span>,
  },
  { id: 'diff', title: T.columns.diff, width: 'minmax(220px, 3fr)', cell: (difference) => <Lines {...difference} /> },
];

/** What somebody has changed by hand since, over all databases as one diff. */
export function DriftPart({ migration: { id, uuid } }: { readonly migration: Migration }) {
  const drift = useResource<readonly Drift[]>({
    key: ['drift', uuid],
    read: (http, signal) =>
      http.GET('/api/v1/migrations/{migration}/drift', { params: { path: { migration: id } }, signal }),
  });
  return (
    <>
      <div className="block-head">
        <p className="dim">
          {T.what}
          {drift.isSuccess && (
            <>
              {' '}
              {TEXTS.migration.checked} <Age at={new Date(drift.dataUpdatedAt).toISOString()} />.
            </>
          )}
        </p>
        <button
          type="button"
          className="button"
          aria-disabled={drift.isFetching}
          onClick={() => void (!drift.isFetching && drift.refetch())}
        >
          {drift.isFetching ? TEXTS.migration.looking : TEXTS.migration.live}
        </button>
      </div>
      <Loaded query={drift}>{(found) => <Differences drift={found} />}</Loaded>
    </>
  );
}

function Differences({ drift }: { readonly drift: readonly Drift[] }) {
  const differences = useMemo(() => differencesOf(drift), [drift]);
  if (differences.length === 0) return <Empty title={T.none} />;
  return <ListTable label={T.list} items={differences} columns={COLUMNS} keyOf={({ key }) => key} />;
}

/** As it was, and as it is. */
function Lines({ before, after }: Difference) {
  return (
    <span className="diff">
      {before !== null && <del>{before}</del>}
      {after !== null && <ins>{after}</ins>}
    </span>
  );
}
