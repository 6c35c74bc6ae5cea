import type { CompiledTemplate, OrganizationTransactor, Subject, Template } from '@eden/domain';

/** `{{raw x}}` puts SQL text of its caller into the statement: who allowed that stands in the audit by itself. */
export async function auditRaw(
  tx: OrganizationTransactor,
  { username: actor, origin }: Subject,
  template: Template,
  compiled: CompiledTemplate,
): Promise<void> {
  if (!compiled.usesRaw) return;
  const data = { uuid: template.uuid, version: template.version };
  await tx.audit({ actor, origin, action: 'template.raw', subject: template.id, data });
}
