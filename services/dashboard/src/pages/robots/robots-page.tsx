import type { Robot } from '@eden/client';
import { useAll } from '../../data/use-all.js';
import { Link, path } from '../../navigation/link.js';
import type { Column } from '../../parts/list-table.js';
import { SearchedPage } from '../../parts/searched-page.js';
import { Age } from '../../parts/time.js';
import { TEXTS } from '../../texts.js';
import { KeyEnd } from '../robot/key-end.js';
import { NewRobotButton } from '../robot/robot-forms.js';

const T = TEXTS.robots;

const COLUMNS: readonly Column<Robot>[] = [
  {
    id: 'name',
    title: T.columns.name,
    width: 'minmax(180px, 3fr)',
    cell: ({ username, description }) => (
      <>
        <Link to={path('robots', username)}>{username}</Link> <span className="dim">{description}</span>
      </>
    ),
  },
  { id: 'level', title: T.columns.level, width: '110px', cell: ({ access_level: level }) => level },
  { id: 'scopes', title: T.columns.scopes, width: 'minmax(160px, 2fr)', cell: ({ scopes }) => scopes.join(', ') },
  { id: 'end', title: T.columns.end, width: '180px', cell: ({ expires_at: at }) => <KeyEnd at={at} /> },
  { id: 'age', title: T.columns.age, width: '110px', cell: ({ created_at: at }) => <Age at={at} /> },
];

/** Programs that call the service, each with a key of its own. */
export default function RobotsPage() {
  const list = useAll({
    key: ['robots'],
    page: (http, query, signal) => http.GET('/api/v1/iam/robots', { params: { query }, signal }),
  });
  return (
    <SearchedPage
      texts={T}
      actions={<NewRobotButton />}
      list={list}
      wordsOf={({ username, description }) => [username, description]}
      columns={COLUMNS}
    />
  );
}
