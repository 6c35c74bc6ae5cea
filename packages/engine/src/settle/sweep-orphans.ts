import pMap from 'p-map';
import type { Endpoint, PreparedTransaction, Settlement } from '@eden/domain';
import type { EngineDeps } from '../deps.js';
import { withSettlement } from '../participants/settlement.js';

/**
 * Rolls back prepared transactions of this installation that no run will ever commit. The targets are read before the
 * runs, so that a transaction prepared in between is never taken for an orphan.
 * @returns How many could not be rolled back, and keep their locks until somebody does it by hand.
 */
export async function sweepOrphans(deps: EngineDeps): Promise<number> {
  const left = await pMap(
    await deps.journal.participantEndpoints(),
    async ({ organizationUuid, endpointUuid }) => {
      try {
        const endpoints = await deps.journal.reader(organizationUuid).endpointsByUuid([endpointUuid]);
        const endpoint = endpoints.get(endpointUuid);
        return endpoint === undefined ? 0 : await sweepEndpoint(deps, endpoint);
      } catch (error) {
        // Whatever is wrong with one target (it is away, its credentials cannot be read), the others are swept.
        deps.telemetry.log.warn('target not swept', { endpoint: endpointUuid, error });
        return 0;
      }
    },
    { concurrency: deps.settings.maxParallel },
  );
  return left.reduce((sum, count) => sum + count, 0);
}

function sweepEndpoint(deps: EngineDeps, endpoint: Endpoint): Promise<number> {
  return withSettlement(deps, endpoint, async (settlement) => {
    await reportEarlier(deps, settlement, endpoint);
    const prepared = await settlement.listPrepared(await deps.journal.installation());
    let left = 0;
    for (const orphan of await deps.journal.orphaned(prepared)) {
      if (!(await rollBack(deps, settlement, orphan))) left += 1;
    }
    return left;
  });
}

/** Another role than the endpoint's may have prepared it; then only that role, or a superuser, can end it. */
async function rollBack(deps: EngineDeps, settlement: Settlement, orphan: PreparedTransaction): Promise<boolean> {
  const fields = { prepared_id: orphan.preparedId, role: orphan.role };
  deps.telemetry.log.warn('rolling back an orphaned prepared transaction', fields);
  try {
    await settlement.rollbackPrepared(orphan.preparedId);
    return true;
  } catch (error) {
    deps.telemetry.log.error('orphaned prepared transaction not rolled back: it keeps its locks', { ...fields, error });
    return false;
  }
}

/** What the original of a restored control database has left here may be somebody's who is still at work: nobody touches it. */
async function reportEarlier(deps: EngineDeps, settlement: Settlement, endpoint: Endpoint): Promise<void> {
  for (const installation of await deps.journal.earlierInstallations()) {
    for (const { preparedId, preparedAt } of await settlement.listPrepared(installation)) {
      deps.telemetry.log.warn('prepared transaction of an earlier installation', {
        prepared_id: preparedId,
        prepared_at: preparedAt.toISOString(),
        endpoint: endpoint.id,
      });
    }
  }
}
