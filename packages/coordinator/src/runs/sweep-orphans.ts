import pMap from 'p-map';
import type { Endpoint, Settlement } from '@eden/domain';
import type { RunDeps } from './deps.js';
import { withSettlement } from './settle.js';

/**
 * Rolls back prepared transactions of this installation that no run will ever commit. The targets are read before the
 * runs, so that a transaction prepared in between is never taken for an orphan.
 */
export async function sweepOrphans(deps: RunDeps): Promise<void> {
  await pMap(
    await deps.journal.participantEndpoints(),
    async ({ organizationUuid, endpointUuid }) => {
      try {
        const endpoints = await deps.journal.reader(organizationUuid).endpointsByUuid([endpointUuid]);
        const endpoint = endpoints.get(endpointUuid);
        if (endpoint !== undefined) await sweepEndpoint(deps, endpoint);
      } catch (error) {
        // Whatever is wrong with one target (it is away, its credentials cannot be read), the others are swept.
        deps.telemetry.log.warn('target not swept', { endpoint: endpointUuid, error });
      }
    },
    { concurrency: deps.run.maxParallel },
  );
}

async function sweepEndpoint(deps: RunDeps, endpoint: Endpoint): Promise<void> {
  await withSettlement(deps, endpoint, async (settlement) => {
    await reportEarlier(deps, settlement, endpoint);
    const prepared = await settlement.listPrepared(await deps.journal.installation());
    for (const { preparedId } of await deps.journal.orphaned(prepared)) {
      deps.telemetry.log.warn('rolling back an orphaned prepared transaction', { prepared_id: preparedId });
      await settlement.rollbackPrepared(preparedId);
    }
  });
}

/** What the original of a restored control database has left here may be somebody's who is still at work: nobody touches it. */
async function reportEarlier(deps: RunDeps, settlement: Settlement, endpoint: Endpoint): Promise<void> {
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
