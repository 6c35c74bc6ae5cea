import type { Migration, VerboseMigration } from '@eden/client';
import { useResource } from '../../data/use-resource.js';
import { Link, path } from '../../navigation/link.js';
import { Code } from '../../parts/code.js';
import { Fact, Facts } from '../../parts/facts.js';
import { Loaded } from '../../parts/loaded.js';
import { TEXTS } from '../../texts.js';

const T = TEXTS.migration;

/** What it is made of: parameters, options, APIs with their stages. */
export function SettingsPart({ migration }: { readonly migration: Migration }) {
  const { parameters, options, labels, notes } = migration;
  return (
    <div className="columns">
      <section className="block">
        <h2>{T.apis}</h2>
        <Apis migration={migration} />
      </section>
      <section className="block">
        <h2>{T.parameters}</h2>
        <Code label={T.parameters} text={JSON.stringify(parameters, null, 2)} />
      </section>
      <section className="block">
        <h2>{T.options}</h2>
        <Code label={T.options} text={JSON.stringify(options, null, 2)} />
      </section>
      {Object.keys(labels).length > 0 && (
        <section className="block">
          <h2>{T.labels}</h2>
          <Facts>
            {Object.entries(labels).map(([name, value]) => (
              <Fact key={name} name={name}>
                {value}
              </Fact>
            ))}
          </Facts>
        </section>
      )}
      {notes !== null && (
        <section className="block">
          <h2>{T.notes}</h2>
          <p className="migration-notes">{notes}</p>
        </section>
      )}
    </div>
  );
}

function Apis({ migration: { id, uuid } }: { readonly migration: Migration }) {
  const verbose = useResource<VerboseMigration>({
    key: ['migration', uuid, 'verbose'],
    read: async (http, signal) => {
      const params = { path: { migration: id }, header: { 'X-Eden-Verbose': 'true' as const } };
      const answer = await http.GET('/api/v1/migrations/{migration}', { params, signal });
      return answer as { data?: { data: VerboseMigration }; response: Response };
    },
  });
  return (
    <Loaded query={verbose}>
      {({ apis }) => (
        <ul className="plain-list">
          {apis.length === 0 && <li className="dim">{T.noApis}</li>}
          {apis.map(({ id: api, uuid: key, migration: membership }) => (
            <li key={key}>
              <Link to={path('apis', api)}>{api}</Link> <span className="dim">{describe(membership)}</span>
            </li>
          ))}
        </ul>
      )}
    </Loaded>
  );
}

/** The APIs of sources have no bindings of their own. */
function describe(membership: VerboseMigration['apis'][number]['migration']): string {
  const { stage = 0, bindings = [] } = membership ?? {};
  return [`${T.stage} ${stage}`, ...(bindings.length === 0 ? [] : [T.bindings(bindings.length)])].join(' · ');
}
