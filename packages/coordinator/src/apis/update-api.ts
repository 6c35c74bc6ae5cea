import type { Api, Changes, Ref, Subject } from '@eden/domain';
import type { CoordinatorDeps } from '../deps.js';
import { transactAudited } from '../transact-audited.js';
import { withApiLock } from './api-lock.js';
import { checkDefinition } from './check-definition.js';
import type { CreateApi } from './create-api.js';
import { resolveBindings } from './resolve-bindings.js';

/** What is absent stays as it is; `fields` and `bindings` are replaced as a whole. */
export type ApiChanges = Changes<Omit<CreateApi, 'id'>>;

/**
 * Changes an API while no execution of it runs.
 * @throws EdenError API_NOT_FOUND, VALIDATION_FAILED, TEMPLATE_NOT_FOUND (guide), LOCK_TIMEOUT
 */
export async function updateApi(
  deps: CoordinatorDeps,
  subject: Subject,
  ref: Ref,
  { bindings, ...changes }: ApiChanges,
): Promise<Api> {
  checkDefinition({ fields: changes.fields, bindings });
  return withApiLock(deps, subject, { ref, purpose: 'update api' }, ({ uuid }, held) =>
    transactAudited(deps, subject, {
      action: 'api.update',
      data: { changed: [...Object.keys(changes), ...(bindings === undefined ? [] : ['bindings'])] },
      held,
      work: async (tx) => {
        const resolved = bindings === undefined ? {} : { bindings: await resolveBindings(tx, bindings) };
        return tx.updateApi(uuid, { ...changes, ...resolved });
      },
    }),
  );
}
