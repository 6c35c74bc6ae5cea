import type { User } from '@eden/client';
import { useResource } from '../../data/use-resource.js';
import { Link, path } from '../../navigation/link.js';
import { ActButtons } from '../../parts/act-buttons.js';
import { deletion } from '../../parts/delete.js';
import { Fact, Facts } from '../../parts/facts.js';
import { Loaded } from '../../parts/loaded.js';
import { PageHead } from '../../parts/page-head.js';
import { Moment } from '../../parts/time.js';
import { useCaller } from '../../session/use-session.js';
import { TEXTS } from '../../texts.js';
import { mayManage } from './levels.js';
import { ChangeUser } from './user-forms.js';

const T = TEXTS.users;

/** One person: what they may do. */
export default function UserPage({ user: name }: { readonly user: string }) {
  const query = useResource<User>({
    key: ['user', name],
    read: (http, signal) => http.GET('/api/v1/iam/users/{user}', { params: { path: { user: name } }, signal }),
  });
  return (
    <Loaded query={query} title={name}>
      {(user) => (
        <>
          <PageHead
            title={user.username}
            above={<Link to="/users">{T.title}</Link>}
            beside={<span className="dim">{user.access_level}</span>}
            actions={<Acts user={user} />}
          />
          {user.description !== null && <p>{user.description}</p>}
          <Facts>
            <Fact name={T.columns.level}>{T.levels[user.access_level]}</Fact>
            <Fact name={TEXTS.definition.made}>
              <Moment at={user.created_at} />
            </Fact>
            <Fact name={TEXTS.fields.uuid}>
              <code>{user.uuid}</code>
            </Fact>
          </Facts>
          <p>
            <Link to={`${path('audit')}?${new URLSearchParams({ actor: user.username }).toString()}`}>{T.audit}</Link>
          </p>
        </>
      )}
    </Loaded>
  );
}

function Acts({ user }: { readonly user: User }) {
  const caller = useCaller();
  const { username } = user;
  const isOneself = username === caller.name;
  if (!mayManage(caller, user) && !isOneself) return null;
  const change = {
    id: 'update',
    verb: TEXTS.definition.change,
    dialog: (onClose: () => void) => <ChangeUser {...{ user, onClose }} />,
  };
  const remove = deletion({
    id: username,
    collection: 'users',
    consequences: T.deleteWhat,
    work: (http) => http.DELETE('/api/v1/iam/users/{user}', { params: { path: { user: username } } }),
  });
  return <ActButtons acts={isOneself ? [change] : [change, remove]} />;
}
