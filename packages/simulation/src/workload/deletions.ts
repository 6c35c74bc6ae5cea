import { deleteEndpoint, deleteTemplate, type CoordinatorDeps } from '@eden/coordinator';
import { EdenError, type Uuid } from '@eden/domain';
import type { ControlDatabase } from '../control/control-database.js';
import { SUBJECT, type World } from '../world.js';
import { endpointUuid } from './uuids.js';

/** @throws EdenError TEMPLATE_IN_USE: nobody asks for a dozen deletions of which the first is refused */
export async function deleteWithTemplates(deps: CoordinatorDeps, { control }: World, endpoint: number): Promise<void> {
  const uuid = endpointUuid(endpoint);
  const templates = [...control.table('templates').values()].filter((row) => row.endpointUuid === uuid);
  const [first] = templates;
  if (first !== undefined && isBound(control, first.uuid)) throw new EdenError('TEMPLATE_IN_USE', {});
  for (const template of templates) await deleteTemplate(deps, SUBJECT, template.uuid);
  await deleteEndpoint(deps, SUBJECT, uuid);
}

function isBound(control: ControlDatabase, template: Uuid): boolean {
  const users = [...control.table('apis').values(), ...control.table('memberships').values()];
  return users.some(({ bindings }) => bindings.some(({ templateUuid }) => templateUuid === template));
}
