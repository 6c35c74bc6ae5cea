import type { ListedMigration } from '@eden/client';
import { useList } from '../../data/use-resource.js';
import { Link, path } from '../../navigation/link.js';
import { useFilters } from '../../navigation/use-filters.js';
import { SearchField, Choice } from '../../parts/filters.js';
import type { Column } from '../../parts/list-table.js';
import { Listed } from '../../parts/listed.js';
import { NothingListed } from '../../parts/nothing-listed.js';
import { PageHead } from '../../parts/page-head.js';
import { Progress } from '../../parts/progress.js';
import { StateMark, ToneShape, toneOf } from '../../parts/state-mark.js';
import { Age } from '../../parts/time.js';
import { TEXTS } from '../../texts.js';
import { isAwaiting } from '../migration/approval.js';

const T = TEXTS.releases;
const { columns: TITLES } = T;
const STATES = ['In Progress', 'Failed', 'Pending', 'Completed', 'Rolled Back'] as const;
const LEVELS = ['atomic', 'compensated', 'best effort'] as const;
const FILTERS = ['q', 'state', 'level', 'actor'] as const;

const COLUMNS: readonly Column<ListedMigration>[] = [
  {
    id: 'id',
    title: TITLES.id,
    width: 'minmax(200px, 1fr)',
    cell: ({ id, description }) => (
      <>
        <Link to={path('migrations', id)}>{id}</Link> <span className="dim">{description}</span>
      </>
    ),
  },
  { id: 'state', title: TITLES.state, width: '132px', cell: (migration) => <State migration={migration} /> },
  {
    id: 'run',
    title: TITLES.run,
    width: '180px',
    cell: ({ run }) => (run === null ? <span className="dim">{T.never}</span> : <LatestRun run={run} />),
  },
  {
    id: 'progress',
    title: TITLES.progress,
    width: '112px',
    cell: ({ run }) =>
      run === null || run.progress.estimated === 0 ? null : (
        <Progress done={run.progress.done} of={run.progress.estimated} label={TEXTS.run.progress} />
      ),
  },
  {
    id: 'level',
    title: TITLES.level,
    width: '94px',
    cell: ({ atomicity }) => (atomicity === null ? null : TEXTS.migration.level[atomicity]),
  },
  { id: 'who', title: TITLES.who, width: '92px', cell: ({ run, created_by: actor }) => run?.actor ?? actor },
  {
    id: 'age',
    title: TITLES.age,
    width: '82px',
    cell: ({ run, updated_at: at }) => <Age at={run?.finished_at ?? run?.created_at ?? at} />,
  },
];

function State({ migration }: { readonly migration: ListedMigration }) {
  if (isAwaiting(migration)) return <StateMark state={TEXTS.migration.approval.awaited} tone="waiting" />;
  return <StateMark state={migration.state} />;
}

function LatestRun({ run }: { readonly run: NonNullable<ListedMigration['run']> }) {
  return (
    <>
      <span className="dim">{TEXTS.runs.kinds[run.kind] ?? run.kind}</span> <StateMark state={run.state} />
    </>
  );
}

/** Every migration; what is under way or has failed can be had by itself. */
export default function ReleasesPage() {
  const [filters, change] = useFilters(FILTERS);
  const list = useList({
    key: ['migrations', filters],
    page: (http, query, signal) =>
      // The service says so where an address has a filter that is none.
      http.GET('/api/v1/migrations', { params: { query: { ...query, ...(filters as object) } }, signal }),
  });
  const counts = list.data?.pages[0]?.counts;
  return (
    <>
      <PageHead title={T.title} />
      <div className="filters">
        <SearchField label={T.search} value={filters.q ?? ''} onChange={(q) => change({ q })} />
        <StateChips value={filters.state ?? ''} counts={counts} onChange={(state) => change({ state })} />
        <Choice
          label={TITLES.level}
          all={T.anyLevel}
          value={filters.level ?? ''}
          onChange={(level) => change({ level })}
          options={LEVELS.map((level) => ({ value: level, says: TEXTS.migration.level[level] ?? level }))}
        />
      </div>
      <Listed
        list={list}
        label={T.list}
        columns={COLUMNS}
        keyOf={({ uuid }) => uuid}
        empty={
          <NothingListed isFiltered={Object.keys(filters).length > 0} title={T.empty}>
            <p>{T.emptyAdvice}</p>
            <pre>{T.emptyCommand}</pre>
          </NothingListed>
        }
      />
    </>
  );
}

interface StateChipsProps {
  readonly value: string;
  readonly counts: Readonly<Record<string, number>> | undefined;
  readonly onChange: (state: string) => void;
}

function StateChips({ value, counts, onChange }: StateChipsProps) {
  const all = Object.values(counts ?? {}).reduce((sum, count) => sum + count, 0);
  return (
    <div className="chips" role="group" aria-label={TITLES.state}>
      <button type="button" className="chip" aria-pressed={value === ''} onClick={() => onChange('')}>
        {T.all} {counts !== undefined && <span className="count">{all}</span>}
      </button>
      {STATES.map((state) => (
        <button
          key={state}
          type="button"
          className="chip"
          aria-pressed={value === state}
          onClick={() => onChange(state)}
        >
          <ToneShape tone={toneOf(state)} /> {TEXTS.states[state]}{' '}
          {counts !== undefined && <span className="count">{counts[state] ?? 0}</span>}
        </button>
      ))}
    </div>
  );
}
