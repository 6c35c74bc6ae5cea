import type {
  Changes,
  Endpoint,
  NewTemplate,
  OrganizationReader,
  Ref,
  Subject,
  Template,
  TemplateSettings,
  Uuid,
} from '@eden/domain';
import { requireLevelOn } from '@eden/domain';
import { lengthOf } from '@eden/work';
import { changesNothing } from '../changes-nothing.js';
import type { CoordinatorDeps } from '../deps.js';
import { transactAudited } from '../transact-audited.js';
import { withDefinitionLock } from '../with-write-lock.js';
import { auditRaw } from './audit-raw.js';
import { checkTemplate } from './check-template.js';
import type { CreateTemplate } from './create-template.js';

/** What is absent stays as it is. */
export interface TemplateChanges extends Changes<Omit<CreateTemplate, 'id' | 'settings'>> {
  /** Each by itself; null takes it away. */
  readonly settings?: { readonly [K in keyof TemplateSettings]?: TemplateSettings[K] | null | undefined } | undefined;
}

/**
 * Changes a template while no execution of an API uses it, so that no process keeps what it was; voids the plans of the
 * migrations that bind it. What is as it was already changes nothing: nobody waits, and no plan is out of date for it.
 * @throws EdenError TEMPLATE_NOT_FOUND, ENDPOINT_NOT_FOUND, VALIDATION_FAILED (line and column), RUN_IN_PROGRESS,
 *         LOCK_TIMEOUT (guide), SERVICE_UNAVAILABLE
 */
export async function updateTemplate(
  deps: CoordinatorDeps,
  subject: Subject,
  ref: Ref,
  changes: TemplateChanges,
): Promise<Template> {
  const organization = deps.store.organization(subject.organizationUuid);
  const template = await organization.template(ref);
  if (changesNothing(template, (await changed(organization, template, changes)).definition)) return template;
  const { uuid } = template;
  return withDefinitionLock(deps, { kind: 'template', uuid }, async (held) => {
    // A long text is looked at for seconds: before the transaction, and under the lock.
    const { definition, compiled } = await checked(deps, subject, uuid, changes);
    return transactAudited(deps, subject, {
      action: 'template.update',
      data: { changed: Object.keys(changes) },
      held,
      bytes: lengthOf(definition),
      work: async (tx) => {
        const updated = await tx.updateTemplate(uuid, definition);
        await auditRaw(tx, subject, updated, compiled);
        return updated;
      },
    });
  });
}

async function checked(deps: CoordinatorDeps, subject: Subject, uuid: Uuid, changes: TemplateChanges) {
  const organization = deps.store.organization(subject.organizationUuid);
  const current = await organization.template(uuid);
  const { definition, endpoint } = await changed(organization, current, changes);
  if (endpoint.uuid !== current.endpointUuid) requireLevelOn(subject, endpoint.uuid, 'Admin');
  const compiled = await checkTemplate(deps, definition, endpoint);
  if (compiled.usesRaw) requireLevelOn(subject, current.uuid, 'Admin');
  return { definition, compiled };
}

interface Changed {
  readonly definition: Omit<NewTemplate, 'id'>;
  readonly endpoint: Endpoint;
}

/** What the template becomes, and where it leads then. */
async function changed(
  organization: OrganizationReader,
  current: Template,
  changes: TemplateChanges,
): Promise<Changed> {
  const endpoint = await organization.endpoint(changes.endpoint ?? current.endpointUuid);
  const definition = {
    description: changes.description === undefined ? current.description : changes.description,
    endpointKind: changes.endpointKind ?? endpoint.kind,
    kind: changes.kind ?? current.kind,
    body: changes.body ?? current.body,
    settings: changeSettings(current.settings, changes.settings),
    endpointUuid: endpoint.uuid,
  };
  return { definition, endpoint };
}

function changeSettings(current: TemplateSettings, changes: TemplateChanges['settings'] = {}): TemplateSettings {
  const merged = Object.entries({ ...current, ...changes }).filter(([, value]) => value !== null);
  return Object.fromEntries(merged) as TemplateSettings;
}
