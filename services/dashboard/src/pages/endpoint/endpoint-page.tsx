import type { Endpoint } from '@eden/client';
import { useTemplates } from '../../data/definitions.js';
import { useResource } from '../../data/use-resource.js';
import { Link } from '../../navigation/link.js';
import { ActButtons, type Act } from '../../parts/act-buttons.js';
import { deletion } from '../../parts/delete.js';
import { Fact, Facts } from '../../parts/facts.js';
import { GrantsLink } from '../../parts/grants-link.js';
import { Loaded } from '../../parts/loaded.js';
import { PageHead } from '../../parts/page-head.js';
import { Age, Moment } from '../../parts/time.js';
import { UsedBy } from '../../parts/used-by.js';
import { TEXTS } from '../../texts.js';
import { ChangeEndpoint } from './endpoint-forms.js';
import { EndpointTest } from './endpoint-test.js';

const T = TEXTS.endpoints;

/** One database or service: where it is, whether it answers and what it can promise, who uses it. */
export default function EndpointPage({ endpoint: id }: { readonly endpoint: string }) {
  const templates = useTemplates();
  const query = useResource<Endpoint>({
    key: ['endpoint', id],
    read: (http, signal) => http.GET('/api/v1/endpoints/{endpoint}', { params: { path: { endpoint: id } }, signal }),
  });
  return (
    <Loaded query={query} title={id}>
      {(endpoint) => (
        <>
          <PageHead
            title={endpoint.id}
            above={<Link to="/endpoints">{T.title}</Link>}
            beside={<span className="dim">{T.kinds[endpoint.kind]}</span>}
            actions={<Acts endpoint={endpoint} />}
          />
          {endpoint.description !== null && <p>{endpoint.description}</p>}
          <Config endpoint={endpoint} />
          {endpoint.actions.includes('test') && <EndpointTest endpoint={endpoint} />}
          <UsedBy
            title={T.usedBy}
            unused={T.unused}
            list={templates}
            uses={({ template }) => template.endpoint_uuid === endpoint.uuid}
            collection="templates"
          />
        </>
      )}
    </Loaded>
  );
}

function Acts({ endpoint }: { readonly endpoint: Endpoint }) {
  const { id, actions } = endpoint;
  const acts: (Act & { readonly id: Endpoint['actions'][number] })[] = [
    {
      id: 'update',
      verb: TEXTS.definition.change,
      dialog: (onClose) => <ChangeEndpoint {...{ endpoint, onClose }} />,
    },
    deletion({
      id,
      collection: 'endpoints',
      consequences: T.deleteWhat,
      work: (http) => http.DELETE('/api/v1/endpoints/{endpoint}', { params: { path: { endpoint: id } } }),
    }),
  ];
  return (
    <>
      <GrantsLink collection="endpoints" on={endpoint} />
      <ActButtons acts={acts.filter((act) => actions.includes(act.id))} />
    </>
  );
}

/** As the service shows it: nothing in it is secret. */
function Config({
  endpoint: { config, uuid, created_at: created, updated_at: updated },
}: {
  readonly endpoint: Endpoint;
}) {
  return (
    <Facts>
      {Object.entries(config).map(([name, value]) => (
        <Fact key={name} name={T.config[name] ?? name}>
          <code>{typeof value === 'string' ? value : JSON.stringify(value)}</code>
        </Fact>
      ))}
      <Fact name={TEXTS.fields.uuid}>
        <code>{uuid}</code>
      </Fact>
      <Fact name={TEXTS.definition.made}>
        <Moment at={created} />
      </Fact>
      <Fact name={TEXTS.definition.lastChanged}>
        <Age at={updated} />
      </Fact>
    </Facts>
  );
}
