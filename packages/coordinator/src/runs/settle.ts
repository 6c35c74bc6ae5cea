import { setTimeout as delay } from 'node:timers/promises';
import { isEdenError } from '@eden/domain';
import type { Endpoint, RunParticipant, Settlement } from '@eden/domain';
import type { RunDeps } from './deps.js';
import { backoffMs } from './pacing.js';

/** A participant's database and the way to it. */
export interface SettlementTarget {
  readonly participant: RunParticipant;
  readonly endpoint: Endpoint;
}

/**
 * Does one thing to a participant's database until it is done: a target that is away is tried again for as long as
 * this process owns the run (protocol section 3, step 4). Answers false when `stop` aborted first.
 */
export async function untilSettled(
  deps: RunDeps,
  target: SettlementTarget,
  stop: AbortSignal,
  work: (settlement: Settlement) => Promise<void>,
): Promise<boolean> {
  for (let attempt = 0; !stop.aborted; attempt += 1) {
    try {
      await withSettlement(deps, target.endpoint, work);
      return true;
    } catch (error) {
      if (!isEdenError(error) || !error.retryable) throw error;
      deps.telemetry.log.warn('target not settled yet', {
        participant: target.participant.preparedId,
        database: target.participant.databaseName,
        attempt,
        reason: String(error),
      });
      await pause(backoffMs(attempt), stop);
    }
  }
  deps.telemetry.log.info('target left to whoever adopts the run', { participant: target.participant.preparedId });
  return false;
}

/** Waits, but no longer than until `stop`. */
async function pause(ms: number, stop: AbortSignal): Promise<void> {
  try {
    await delay(ms, undefined, { signal: stop });
  } catch (error) {
    if (!stop.aborted) throw error;
  }
}

export async function withSettlement<T>(
  deps: RunDeps,
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
