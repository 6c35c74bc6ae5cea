import type { OrganizationTransactor, Ref, Subject, Template } from '@eden/domain';
import { requireLevel } from '@eden/domain';
import type { CoordinatorDeps } from '../deps.js';
import { transactAudited } from '../transact-audited.js';
import { withDefinitionLock } from '../with-write-lock.js';
import { auditRaw } from './audit-raw.js';
import { checkTemplate } from './check-template.js';
import type { CreateTemplate } from './create-template.js';

/** What is absent stays as it is; `body` and `settings` are replaced as a whole. */
export type TemplateChanges = { readonly [K in keyof Omit<CreateTemplate, 'id'>]?: CreateTemplate[K] | undefined };

/**
 * Changes a template while no execution of an API uses it, so that no process keeps what it was; voids the plans of the
 * migrations that bind it.
 * @throws EdenError TEMPLATE_NOT_FOUND, ENDPOINT_NOT_FOUND, VALIDATION_FAILED (line and column), RUN_IN_PROGRESS,
 *         LOCK_TIMEOUT (guide), SERVICE_UNAVAILABLE
 */
export async function updateTemplate(
  deps: CoordinatorDeps,
  subject: Subject,
  ref: Ref,
  changes: TemplateChanges,
): Promise<Template> {
  const { uuid } = await deps.store.organization(subject.organizationUuid).template(ref);
  return withDefinitionLock(deps, { kind: 'template', uuid }, (held) =>
    transactAudited(deps, subject, {
      action: 'template.update',
      data: { changed: Object.keys(changes) },
      held,
      work: (tx) => update(deps, subject, tx, { ref: uuid, changes }),
    }),
  );
}

async function update(
  deps: CoordinatorDeps,
  subject: Subject,
  tx: OrganizationTransactor,
  { ref, changes }: { readonly ref: Ref; readonly changes: TemplateChanges },
): Promise<Template> {
  const current = await tx.template(ref);
  const endpoint = await tx.endpoint(changes.endpoint ?? current.endpointUuid);
  const definition = {
    endpointKind: changes.endpointKind ?? endpoint.kind,
    kind: changes.kind ?? current.kind,
    body: changes.body ?? current.body,
    settings: changes.settings ?? current.settings,
  };
  const compiled = await checkTemplate(deps, definition, endpoint);
  if (compiled.usesRaw) requireLevel(subject, 'Admin');
  const { description } = changes;
  const updated = await tx.updateTemplate(current.uuid, { ...definition, description, endpointUuid: endpoint.uuid });
  await auditRaw(tx, subject, updated, compiled);
  return updated;
}
