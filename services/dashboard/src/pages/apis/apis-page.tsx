import type { Api } from '@eden/client';
import { useApis } from '../../data/definitions.js';
import { Link, path } from '../../navigation/link.js';
import type { Column } from '../../parts/list-table.js';
import { SearchedPage, type Narrowing } from '../../parts/searched-page.js';
import { Age } from '../../parts/time.js';
import { hasLevel, useCaller } from '../../session/use-session.js';
import { TEXTS } from '../../texts.js';
import { MigrationName } from '../api/migration-name.js';

const T = TEXTS.apis;

const COLUMNS: readonly Column<Api>[] = [
  {
    id: 'id',
    title: T.columns.id,
    width: 'minmax(200px, 3fr)',
    cell: ({ id, description, managed }) => (
      <>
        <Link to={path('apis', id)}>{id}</Link>{' '}
        <span className="dim">{managed === true ? T.ofSource : description}</span>
      </>
    ),
  },
  {
    id: 'fields',
    title: T.columns.fields,
    width: '70px',
    isNumber: true,
    cell: ({ fields }) => fields.length,
  },
  {
    id: 'bindings',
    title: T.columns.bindings,
    width: '80px',
    isNumber: true,
    cell: ({ bindings, migration }) => (bindings.length > 0 ? bindings.length : (migration?.bindings.length ?? 0)),
  },
  {
    id: 'migration',
    title: T.columns.migration,
    width: 'minmax(140px, 2fr)',
    cell: ({ migration }) => (migration === null ? '' : <MigrationName uuid={migration.uuid} />),
  },
  { id: 'age', title: T.columns.age, width: '110px', cell: ({ updated_at: at }) => <Age at={at} /> },
];

const MANAGED: Narrowing<Api> = {
  name: 'managed',
  label: T.kind,
  all: T.own,
  options: [{ value: 'all', says: T.withSources }],
  keeps: ({ managed = false }, chosen) => chosen === 'all' || !managed,
};

/** What applications call, and what migrations change. */
export default function ApisPage() {
  const mayCreate = hasLevel(useCaller(), 'Admin');
  return (
    <SearchedPage
      texts={T}
      actions={
        mayCreate && (
          <Link className="button primary" to="/new/api">
            {T.create.verb}
          </Link>
        )
      }
      advice={
        <>
          <p>{T.emptyAdvice}</p>
          <pre>{T.emptyCommand}</pre>
        </>
      }
      list={useApis()}
      wordsOf={({ id, description }) => [id, description]}
      narrowings={[MANAGED]}
      columns={COLUMNS}
    />
  );
}
