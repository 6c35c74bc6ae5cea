import type { User } from '@eden/client';
import { useAll } from '../../data/use-all.js';
import { Link, path } from '../../navigation/link.js';
import { ActButtons } from '../../parts/act-buttons.js';
import type { Column } from '../../parts/list-table.js';
import { SearchedPage, type Narrowing } from '../../parts/searched-page.js';
import { Age } from '../../parts/time.js';
import { TEXTS } from '../../texts.js';
import { LEVELS } from '../user/levels.js';
import { NewUser } from '../user/user-forms.js';

const T = TEXTS.users;

const COLUMNS: readonly Column<User>[] = [
  {
    id: 'name',
    title: T.columns.name,
    width: 'minmax(200px, 3fr)',
    cell: ({ username, description }) => (
      <>
        <Link to={path('users', username)}>{username}</Link> <span className="dim">{description}</span>
      </>
    ),
  },
  { id: 'level', title: T.columns.level, width: '120px', cell: ({ access_level: level }) => level },
  { id: 'age', title: T.columns.age, width: '120px', cell: ({ created_at: at }) => <Age at={at} /> },
];

const LEVEL: Narrowing<User> = {
  name: 'level',
  label: T.columns.level,
  all: T.anyLevel,
  options: LEVELS.map((level) => ({ value: level, says: level })),
  keeps: ({ access_level: level }, chosen) => chosen === '' || level === chosen,
};

const ACTS = [
  { id: 'new', verb: T.create.verb, isPrimary: true, dialog: (onClose: () => void) => <NewUser onClose={onClose} /> },
];

/** The people of the organization. */
export default function UsersPage() {
  const list = useAll({
    key: ['users'],
    page: (http, query, signal) => http.GET('/api/v1/iam/users', { params: { query }, signal }),
  });
  return (
    <SearchedPage
      texts={T}
      actions={<ActButtons acts={ACTS} />}
      list={list}
      wordsOf={({ username, description }) => [username, description]}
      narrowings={[LEVEL]}
      columns={COLUMNS}
    />
  );
}
