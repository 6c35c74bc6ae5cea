import type { Api, Subject } from '@eden/domain';
import type { CoordinatorDeps } from '../deps.js';
import { transactAudited } from '../transact-audited.js';
import type { ApiDefinitionInput } from './check-definition.js';
import { checkDefinition } from './check-definition.js';
import { resolveBindings } from './resolve-bindings.js';

export interface CreateApi extends ApiDefinitionInput {
  readonly id: string;
  readonly description: string | null;
}

/** @throws EdenError VALIDATION_FAILED, TEMPLATE_NOT_FOUND (guide), API_EXISTS */
export async function createApi(deps: CoordinatorDeps, subject: Subject, command: CreateApi): Promise<Api> {
  checkDefinition(command);
  return transactAudited(deps, subject, {
    action: 'api.create',
    work: async (tx) =>
      tx.insertApi({ ...command, bindings: await resolveBindings(tx, { subject }, command.bindings) }),
  });
}
