import { EdenError, isEdenError } from '@eden/domain';
import type { Endpoint, RunParticipant, Settlement } from '@eden/domain';
import type { EngineDeps } from '../deps.js';
import { backoffMs, pauseUnless } from '../control/pacing.js';

/** A participant's database and the way to it. */
export interface SettlementTarget {
  readonly participant: RunParticipant;
  readonly endpoint: Endpoint;
}

/**
 * Does one thing to a participant's database until it is done: a target that is away is tried again for as long as
 * this process owns the run (protocol section 3, step 4). Answers false when `stop` aborted first; a process that
 * stops still tries once, so that it hands nothing over that it could have finished.
 */
export async function untilSettled(
  deps: EngineDeps,
  target: SettlementTarget,
  stop: AbortSignal,
  work: (settlement: Settlement) => Promise<void>,
): Promise<boolean> {
  let attempt = 0;
  do {
    try {
      await withSettlement(deps, target.endpoint, async (settlement) => {
        await assertSameDatabase(settlement, target);
        await work(settlement);
      });
      return true;
    } catch (error) {
      if (!isEdenError(error) || !error.retryable) throw error;
      deps.telemetry.log.warn('target not settled yet', {
        participant: target.participant.preparedId,
        database: target.participant.databaseName,
        attempt,
        reason: String(error),
      });
      await pauseUnless(stop, backoffMs(attempt));
      attempt += 1;
    }
  } while (!stop.aborted);
  deps.telemetry.log.info('target left to whoever adopts the run', { participant: target.participant.preparedId });
  return false;
}

/** In another database an unknown id proves nothing: the endpoint was changed, and has to lead back first. */
async function assertSameDatabase(settlement: Settlement, { participant, endpoint }: SettlementTarget): Promise<void> {
  if (await settlement.isAt(participant)) return;
  const details = `The endpoint no longer leads to the database "${participant.databaseName}" of the run`;
  throw new EdenError('ENDPOINT_UNAVAILABLE', { endpoint_id: endpoint.id, details });
}

export async function withSettlement<T>(
  deps: EngineDeps,
  endpoint: Endpoint,
  work: (settlement: Settlement) => Promise<T>,
): Promise<T> {
  const settlement = await deps.targets.adapter(endpoint.kind).openSettlement(endpoint);
  try {
    return await work(settlement);
  } finally {
    await settlement.close();
  }
}
