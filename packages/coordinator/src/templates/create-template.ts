import type { EndpointKind, Ref, Subject, Template, TemplateDefinition } from '@eden/domain';
import { requireLevel, requireLevelOn } from '@eden/domain';
import type { CoordinatorDeps } from '../deps.js';
import { transactAudited } from '../transact-audited.js';
import { lengthOf } from '@eden/work';
import { auditRaw } from './audit-raw.js';
import { checkTemplate } from './check-template.js';

export interface CreateTemplate extends Omit<TemplateDefinition, 'endpointKind'> {
  readonly id: string;
  readonly description: string | null;
  readonly endpoint: Ref;
  /** Absent: that of the endpoint. */
  readonly endpointKind?: EndpointKind;
}

/** @throws EdenError ENDPOINT_NOT_FOUND, VALIDATION_FAILED (line and column), TEMPLATE_EXISTS */
export async function createTemplate(
  deps: CoordinatorDeps,
  subject: Subject,
  command: CreateTemplate,
): Promise<Template> {
  const { endpoint: endpointRef, ...template } = command;
  const endpoint = await deps.store.organization(subject.organizationUuid).endpoint(endpointRef);
  requireLevelOn(subject, endpoint.uuid, 'Admin');
  const definition = { ...template, endpointKind: command.endpointKind ?? endpoint.kind };
  const compiled = await checkTemplate(deps, definition, endpoint);
  if (compiled.usesRaw) requireLevel(subject, 'Admin');
  return transactAudited(deps, subject, {
    action: 'template.create',
    bytes: lengthOf(definition),
    work: async (tx) => {
      const created = await tx.insertTemplate({ ...definition, endpointUuid: endpoint.uuid });
      await auditRaw(tx, subject, created, compiled);
      return created;
    },
  });
}
