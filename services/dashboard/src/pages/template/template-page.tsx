import type { Api, Template } from '@eden/client';
import { answerOf } from '@eden/client';
import { useApis } from '../../data/definitions.js';
import { Link, path } from '../../navigation/link.js';
import { ActButtons } from '../../parts/act-buttons.js';
import { Code } from '../../parts/code.js';
import { deletion } from '../../parts/delete.js';
import { Fact, Facts } from '../../parts/facts.js';
import { GrantsLink } from '../../parts/grants-link.js';
import { Loaded } from '../../parts/loaded.js';
import { PageHead } from '../../parts/page-head.js';
import { Age } from '../../parts/time.js';
import { UsedBy } from '../../parts/used-by.js';
import { TEXTS } from '../../texts.js';
import { TryIt, type Outcome } from '../api/try-it.js';
import { EndpointName } from '../endpoint/endpoint-name.js';
import { BodyView } from './body-view.js';
import { settingsOf } from './template-draft.js';
import { placeholdersOf } from './template-text.js';
import { useTemplate } from './use-template.js';

const T = TEXTS.template;

/** One template: what it runs, with what, what undoes it, and who uses it. */
export default function TemplatePage({ template: id }: { readonly template: string }) {
  const apis = useApis();
  return (
    <Loaded query={useTemplate(id)} title={id}>
      {(template) => (
        <>
          <PageHead
            title={template.id}
            above={<Link to="/templates">{TEXTS.templates.title}</Link>}
            beside={<span className="dim">{TEXTS.templates.kinds[template.template.kind]}</span>}
            actions={<Acts template={template} />}
          />
          {template.description !== null && <p>{template.description}</p>}
          <About template={template} />
          <section className="block">
            <h2>{T.text}</h2>
            <BodyView body={template.template.template} label={T.textOf(template.id)} />
          </section>
          <Undone template={template} />
          <Settings template={template} />
          <UsedBy title={T.usedBy} unused={T.unused} list={apis} uses={runs(template)} collection="apis" />
          <Execution template={template} />
        </>
      )}
    </Loaded>
  );
}

/** By itself, or while it is migrated. */
function runs({ uuid }: Template) {
  return ({ bindings, migration }: Api): boolean =>
    [...bindings, ...(migration?.bindings ?? [])].some(({ template }) => template === uuid);
}

function Acts({ template }: { readonly template: Template }) {
  const { id, actions } = template;
  const remove = deletion({
    id,
    collection: 'templates',
    consequences: T.deleteWhat,
    work: (http) => http.DELETE('/api/v1/templates/{template}', { params: { path: { template: id } } }),
  });
  return (
    <>
      {actions.includes('update') && (
        <Link className="button" to={path('templates', id, 'edit')}>
          {TEXTS.definition.change}
        </Link>
      )}
      <GrantsLink collection="templates" on={template} />
      {actions.includes('delete') && <ActButtons acts={[remove]} />}
    </>
  );
}

function About({ template: { template, uuid, updated_at: at } }: { readonly template: Template }) {
  const names = placeholdersOf(template.template);
  return (
    <Facts>
      <Fact name={T.endpoint}>
        <EndpointName uuid={template.endpoint_uuid} />
      </Fact>
      <Fact name={T.parameters}>{names.length === 0 ? TEXTS.none : <code>{names.join(', ')}</code>}</Fact>
      <Fact name={TEXTS.fields.uuid}>
        <code>{uuid}</code>
      </Fact>
      <Fact name={TEXTS.definition.lastChanged}>
        <Age at={at} />
      </Fact>
    </Facts>
  );
}

function Undone({ template: { id, rollback, template } }: { readonly template: Template }) {
  if (rollback === undefined && template.kind === 'Read') return null;
  return (
    <section className="block">
      <h2>{T.rollback}</h2>
      {rollback === undefined ? (
        <p className="dim">{T.noRollback}</p>
      ) : (
        <BodyView body={rollback} label={T.rollbackOf(id)} />
      )}
    </section>
  );
}

function Settings({ template }: { readonly template: Template }) {
  const settings = settingsOf(template);
  if (Object.keys(settings).length === 0) return null;
  return (
    <section className="block">
      <h2>{T.settings}</h2>
      <Code label={T.settings} text={JSON.stringify(settings, null, 2)} />
    </section>
  );
}

function Execution({ template: { id, template, defaults, actions } }: { readonly template: Template }) {
  const writes = template.kind !== 'Read';
  if (!actions.includes(writes ? 'execute_writes' : 'execute')) return null;
  const names = placeholdersOf(template.template).filter((name) => defaults?.[name] === undefined);
  return (
    <TryIt
      skeleton={Object.fromEntries(names.map((name) => [name, '']))}
      writes={writes}
      title={T.tryTitle(id)}
      consequences={T.tryWhat}
      run={async (http, input): Promise<readonly Outcome[]> => {
        const params = { path: { template: id } };
        const { data } = await answerOf(http.POST('/api/v1/templates/{template}', { params, body: { ...input } }));
        return [{ template: id, rows: data.rows, rowCount: data.row_count, tookMs: data.execution_time_ms }];
      }}
    />
  );
}
