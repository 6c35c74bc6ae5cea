import type { Robot } from '@eden/client';
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
import { mayManage } from '../user/levels.js';
import { KeyEnd } from './key-end.js';
import { RotateKeyButton } from './robot-forms.js';

const T = TEXTS.robots;

/** One program: what its key may be used for, and until when. */
export default function RobotPage({ robot: name }: { readonly robot: string }) {
  const query = useResource<Robot>({
    key: ['robot', name],
    read: (http, signal) => http.GET('/api/v1/iam/robots/{robot}', { params: { path: { robot: name } }, signal }),
  });
  return (
    <Loaded query={query} title={name}>
      {(robot) => (
        <>
          <PageHead
            title={robot.username}
            above={<Link to="/robots">{T.title}</Link>}
            beside={<span className="dim">{robot.access_level}</span>}
            actions={<Acts robot={robot} />}
          />
          {robot.description !== null && <p>{robot.description}</p>}
          <About robot={robot} />
          <p className="block">
            <Link to={`${path('audit')}?${new URLSearchParams({ actor: robot.username }).toString()}`}>
              {TEXTS.users.audit}
            </Link>
          </p>
        </>
      )}
    </Loaded>
  );
}

function About({ robot }: { readonly robot: Robot }) {
  return (
    <>
      <Facts>
        <Fact name={T.columns.level}>{TEXTS.users.levels[robot.access_level]}</Fact>
        <Fact name={T.columns.end}>
          <KeyEnd at={robot.expires_at} />
        </Fact>
        <Fact name={TEXTS.definition.made}>
          <Moment at={robot.created_at} />
        </Fact>
        <Fact name={TEXTS.fields.uuid}>
          <code>{robot.uuid}</code>
        </Fact>
      </Facts>
      <section className="block">
        <h2>{T.columns.scopes}</h2>
        <ul className="plain-list">
          {robot.scopes.map((scope) => (
            <li key={scope}>{T.scopes[scope]}</li>
          ))}
        </ul>
      </section>
    </>
  );
}

function Acts({ robot }: { readonly robot: Robot }) {
  const { username } = robot;
  if (!mayManage(useCaller(), robot)) return null;
  const remove = deletion({
    id: username,
    collection: 'robots',
    consequences: T.deleteWhat,
    work: (http) => http.DELETE('/api/v1/iam/robots/{robot}', { params: { path: { robot: username } } }),
  });
  return (
    <>
      <RotateKeyButton robot={robot} />
      <ActButtons acts={[remove]} />
    </>
  );
}
