import type { Hook } from '@eden/client';
import { useAll } from '../../data/use-all.js';
import { Link, path } from '../../navigation/link.js';
import type { Column } from '../../parts/list-table.js';
import { SearchedPage } from '../../parts/searched-page.js';
import { Age } from '../../parts/time.js';
import { TEXTS } from '../../texts.js';
import { NewHookButton } from '../hook/hook-forms.js';

const T = TEXTS.hooks;

const COLUMNS: readonly Column<Hook>[] = [
  {
    id: 'id',
    title: T.columns.id,
    width: 'minmax(160px, 2fr)',
    cell: ({ id }) => <Link to={path('hooks', id)}>{id}</Link>,
  },
  {
    id: 'migrations',
    title: T.columns.migrations,
    width: 'minmax(140px, 2fr)',
    cell: ({ migrations }) => migrations?.join(', ') ?? <span className="dim">{T.all}</span>,
  },
  {
    id: 'actions',
    title: T.columns.actions,
    width: 'minmax(140px, 1fr)',
    cell: ({ actions }) =>
      actions?.map((action) => T.actions[action]).join(', ') ?? <span className="dim">{T.all}</span>,
  },
  { id: 'who', title: T.columns.who, width: '120px', cell: ({ created_by: actor }) => actor },
  { id: 'age', title: T.columns.age, width: '110px', cell: ({ updated_at: at }) => <Age at={at} /> },
];

/** Ways in for deployments, which sign what they ask for. */
export default function HooksPage() {
  const list = useAll({
    key: ['hooks'],
    page: (http, query, signal) => http.GET('/api/v1/iam/hooks', { params: { query }, signal }),
  });
  return (
    <SearchedPage
      texts={T}
      actions={<NewHookButton />}
      list={list}
      wordsOf={({ id, migrations }) => [id, ...(migrations ?? [])]}
      columns={COLUMNS}
    />
  );
}
