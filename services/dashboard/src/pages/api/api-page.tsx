import type { Api } from '@eden/client';
import { itemsOf } from '../../data/use-resource.js';
import { useTemplates } from '../../data/definitions.js';
import { Link, path } from '../../navigation/link.js';
import { ActButtons } from '../../parts/act-buttons.js';
import { deletion } from '../../parts/delete.js';
import { Disclosure } from '../../parts/disclosure.js';
import { Fact, Facts } from '../../parts/facts.js';
import { Code } from '../../parts/code.js';
import { GrantsLink } from '../../parts/grants-link.js';
import { Loaded } from '../../parts/loaded.js';
import { PageHead } from '../../parts/page-head.js';
import { StateMark } from '../../parts/state-mark.js';
import { Age } from '../../parts/time.js';
import { TEXTS } from '../../texts.js';
import { TemplateName } from '../template/template-name.js';
import { executeApi } from './execute-api.js';
import { MigrationName } from './migration-name.js';
import { skeletonOf } from './skeleton.js';
import { useApi } from './use-api.js';
import { TryIt } from './try-it.js';
import './api.css';

const T = TEXTS.api;

type Binding = Api['bindings'][number];

/** One API: what it takes, what it runs, which migration changes it. */
export default function ApiPage({ api: id }: { readonly api: string }) {
  return (
    <Loaded query={useApi(id)} title={id}>
      {(api) => (
        <>
          <PageHead
            title={api.id}
            above={<Link to="/apis">{TEXTS.apis.title}</Link>}
            beside={api.managed === true && <span className="dim">{TEXTS.apis.ofSource}</span>}
            actions={<Acts api={api} />}
          />
          {api.description !== null && <p>{api.description}</p>}
          <Facts>
            <Fact name={TEXTS.fields.uuid}>
              <code>{api.uuid}</code>
            </Fact>
            <Fact name={TEXTS.definition.lastChanged}>
              <Age at={api.updated_at} />
            </Fact>
          </Facts>
          {api.managed !== true && <Definition api={api} />}
          <Membership api={api} />
          <Execution api={api} />
        </>
      )}
    </Loaded>
  );
}

function Acts({ api }: { readonly api: Api }) {
  const { id, actions } = api;
  const remove = deletion({
    id,
    collection: 'apis',
    consequences: T.deleteWhat,
    work: (http) => http.DELETE('/api/v1/apis/{api}', { params: { path: { api: id } } }),
  });
  return (
    <>
      {actions.includes('update') && (
        <Link className="button" to={path('apis', id, 'edit')}>
          {TEXTS.definition.change}
        </Link>
      )}
      <GrantsLink collection="apis" on={api} />
      {actions.includes('delete') && <ActButtons acts={[remove]} />}
    </>
  );
}

function Definition({ api: { fields, bindings } }: { readonly api: Api }) {
  return (
    <div className="columns">
      <section className="block">
        <h2>{T.fields}</h2>
        {fields.length === 0 ? (
          <p className="dim">{T.noFields}</p>
        ) : (
          <ul className="api-fields">
            {fields.map(({ name, type, required, description }) => (
              <li key={name}>
                <code>{name}</code> {T.types[type]}
                {required && <span className="dim"> · {T.required}</span>}
                {description !== undefined && <span className="dim"> · {description}</span>}
              </li>
            ))}
          </ul>
        )}
      </section>
      <section className="block">
        <h2>{T.bindings}</h2>
        <Bindings bindings={bindings} />
      </section>
    </div>
  );
}

function Bindings({ bindings }: { readonly bindings: readonly Binding[] }) {
  if (bindings.length === 0) return <p className="dim">{T.noBindings}</p>;
  return (
    <ol className="api-bindings">
      {bindings.map(({ template, fields }, index) => (
        <li key={index}>
          <TemplateName uuid={template} />
          {Object.entries(fields).map(([name, value]) => (
            <span key={name} className="api-value">
              <code>{name}</code> <span className="dim">←</span>{' '}
              <code>{typeof value === 'string' ? value : JSON.stringify(value)}</code>
            </span>
          ))}
        </li>
      ))}
    </ol>
  );
}

function Membership({ api: { migration } }: { readonly api: Api }) {
  return (
    <section className="block">
      <h2>{T.membership}</h2>
      {migration === null ? (
        <p className="dim">{T.noMembership}</p>
      ) : (
        <>
          <Facts>
            <Fact name={T.migration}>
              <MigrationName uuid={migration.uuid} />
            </Fact>
            <Fact name={T.stage}>{migration.stage}</Fact>
            <Fact name={T.synced}>
              <StateMark state={migration.state ? T.isSynced : T.isNotSynced} tone={migration.state ? 'ok' : 'idle'} />
            </Fact>
          </Facts>
          <Disclosure title={T.migrationBindings(migration.bindings.length)}>
            <Bindings bindings={migration.bindings} />
          </Disclosure>
          {migration.next !== null && (
            <Disclosure title={T.next}>
              <Code label={T.next} text={JSON.stringify(migration.next, null, 2)} />
            </Disclosure>
          )}
        </>
      )}
    </section>
  );
}

function Execution({ api: { id, fields, bindings, actions } }: { readonly api: Api }) {
  const list = useTemplates();
  if (bindings.length === 0 || list.isPending || list.hasNextPage) return null;
  const templates = new Map(itemsOf(list).map((template) => [template.uuid, template]));
  // One that the reader may not see may write.
  const writes = bindings.some(({ template }) => templates.get(template)?.template.kind !== 'Read');
  if (!actions.includes(writes ? 'execute_writes' : 'execute')) return null;
  return (
    <TryIt
      skeleton={skeletonOf(fields)}
      writes={writes}
      title={T.tryTitle(id)}
      consequences={T.tryWhat}
      run={(http, input) => executeApi(http, id, input, (uuid) => templates.get(uuid)?.id ?? uuid)}
    />
  );
}
