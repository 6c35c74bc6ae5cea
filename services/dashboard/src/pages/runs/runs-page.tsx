import type { ListedRun } from '@eden/client';
import { useList } from '../../data/use-resource.js';
import { Link, path } from '../../navigation/link.js';
import { useFilters } from '../../navigation/use-filters.js';
import { Choice, SearchField } from '../../parts/filters.js';
import type { Column } from '../../parts/list-table.js';
import { Listed } from '../../parts/listed.js';
import { NothingListed } from '../../parts/nothing-listed.js';
import { PageHead } from '../../parts/page-head.js';
import { TEXTS } from '../../texts.js';
import { RUN_COLUMNS } from './columns.js';

const T = TEXTS.runs;
const FILTERS = ['q', 'state', 'kind'] as const;
const STATES = [
  'queued',
  'waiting_for_lock',
  'running',
  'paused',
  'prepared',
  'committing',
  'aborting',
  'compensating',
  'in_doubt',
  'succeeded',
  'failed',
  'cancelled',
] as const;
const KINDS = ['sync', 'migrate', 'rollback'] as const;

const STATE_OPTIONS = STATES.map((state) => ({ value: state, says: TEXTS.states[state] ?? state }));
const KIND_OPTIONS = KINDS.map((kind) => ({ value: kind, says: T.kinds[kind] ?? kind }));

const COLUMNS: readonly Column<ListedRun>[] = [
  {
    id: 'migration',
    title: T.columns.migration,
    width: 'minmax(160px, 2fr)',
    cell: ({ uuid, migration_id: id }) => <Link to={path('runs', uuid)}>{id}</Link>,
  },
  { id: 'kind', title: T.columns.kind, width: '90px', cell: ({ kind }) => T.kinds[kind] ?? kind },
  ...RUN_COLUMNS.slice(1),
];

/** Every run of the organization. */
export default function RunsPage() {
  const [filters, change] = useFilters(FILTERS);
  const list = useList({
    key: ['runs', filters],
    page: (http, query, signal) =>
      // The service says so where an address has a filter that is none.
      http.GET('/api/v1/runs', { params: { query: { ...query, ...(filters as object) } }, signal }),
  });
  return (
    <>
      <PageHead title={T.title} />
      <div className="filters">
        <SearchField label={T.search} value={filters.q ?? ''} onChange={(q) => change({ q })} />
        <Choice
          {...{ label: T.state, all: T.all, options: STATE_OPTIONS }}
          value={filters.state ?? ''}
          onChange={(state) => change({ state })}
        />
        <Choice
          {...{ label: T.kind, all: T.anyKind, options: KIND_OPTIONS }}
          value={filters.kind ?? ''}
          onChange={(kind) => change({ kind })}
        />
      </div>
      <Listed
        {...{ list, label: T.list, columns: COLUMNS }}
        keyOf={({ uuid }) => uuid}
        empty={
          <NothingListed isFiltered={Object.keys(filters).length > 0} title={T.empty}>
            <p>{T.emptyAdvice}</p>
          </NothingListed>
        }
      />
    </>
  );
}
