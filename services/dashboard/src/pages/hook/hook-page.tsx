import type { Hook } from '@eden/client';
import { useResource } from '../../data/use-resource.js';
import { Link, path } from '../../navigation/link.js';
import { ActButtons } from '../../parts/act-buttons.js';
import { Copied } from '../../parts/copied.js';
import { deletion } from '../../parts/delete.js';
import { Fact, Facts } from '../../parts/facts.js';
import { Loaded } from '../../parts/loaded.js';
import { PageHead } from '../../parts/page-head.js';
import { Moment } from '../../parts/time.js';
import { TEXTS } from '../../texts.js';
import { RotateHookButton } from './hook-forms.js';

const T = TEXTS.hooks;

/** One way in: where it is called, and what it may do. */
export default function HookPage({ hook: id }: { readonly hook: string }) {
  const query = useResource<Hook>({
    key: ['hook', id],
    read: (http, signal) => http.GET('/api/v1/iam/hooks/{hook}', { params: { path: { hook: id } }, signal }),
  });
  return (
    <Loaded query={query} title={id}>
      {(hook) => (
        <>
          <PageHead title={hook.id} above={<Link to="/hooks">{T.title}</Link>} actions={<Acts hook={hook} />} />
          <Facts>
            <Fact name={T.columns.actions}>{hook.actions?.map((action) => T.actions[action]).join(', ') ?? T.all}</Fact>
            <Fact name={T.columns.who}>{hook.created_by}</Fact>
            <Fact name={TEXTS.definition.made}>
              <Moment at={hook.created_at} />
            </Fact>
            {hook.previous_valid_until !== null && (
              <Fact name={T.previous}>
                <Moment at={hook.previous_valid_until} />
              </Fact>
            )}
          </Facts>
          <section className="block">
            <h2>{T.address}</h2>
            <Copied label={T.address} text={`${location.origin}/api/v1/hooks/${hook.uuid}`} />
            <p className="hint">{T.addressHint}</p>
          </section>
          <section className="block">
            <h2>{T.columns.migrations}</h2>
            <Migrations hook={hook} />
          </section>
        </>
      )}
    </Loaded>
  );
}

function Migrations({ hook: { migrations } }: { readonly hook: Hook }) {
  if (migrations === null) return <p className="dim">{T.allMigrations}</p>;
  return (
    <ul className="words">
      {migrations.map((migration) => (
        <li key={migration}>
          <Link to={path('migrations', migration)}>{migration}</Link>
        </li>
      ))}
    </ul>
  );
}

function Acts({ hook }: { readonly hook: Hook }) {
  const { id } = hook;
  const remove = deletion({
    id,
    collection: 'hooks',
    consequences: T.deleteWhat,
    work: (http) => http.DELETE('/api/v1/iam/hooks/{hook}', { params: { path: { hook: id } } }),
  });
  return (
    <>
      <RotateHookButton hook={hook} />
      <ActButtons acts={[remove]} />
    </>
  );
}
