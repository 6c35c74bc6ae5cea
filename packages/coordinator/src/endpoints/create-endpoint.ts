import type { Endpoint, NewEndpoint, Subject } from '@eden/domain';
import type { CoordinatorDeps } from '../deps.js';
import { transactAudited } from '../transact-audited.js';

/** @throws EdenError VALIDATION_FAILED (paths below `config`), ENDPOINT_EXISTS */
export async function createEndpoint(deps: CoordinatorDeps, subject: Subject, command: NewEndpoint): Promise<Endpoint> {
  const config = deps.targets.checkConfig(command.kind, command.config, subject.organizationUuid);
  return transactAudited(deps, subject, {
    action: 'endpoint.create',
    work: (tx) => tx.insertEndpoint({ ...command, config }),
  });
}
