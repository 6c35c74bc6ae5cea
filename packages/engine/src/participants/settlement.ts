import { EdenError, isEdenError } from '@eden/domain';
import type { Endpoint, Settlement } from '@eden/domain';
import { isLost, wordsOf } from '../control/failure.js';
import type { Ownership } from '../control/ownership.js';
import { backoffMs, pauseUnless } from '../control/pacing.js';
import type { EngineDeps } from '../deps.js';
import type { Participant, Settling } from './participant.js';

/** A run that is this process's. */
type OwnRun = Pick<Settling, 'deps' | 'stop' | 'ownership'>;

/** Does one thing to a participant's database, as `untilAnswered`. */
export function untilSettled(
  own: OwnRun,
  participant: Participant,
  work: (settlement: Settlement) => Promise<void>,
): Promise<boolean> {
  return untilAnswered(own, participant.endpoint, () => atParticipant(own.deps, participant, work));
}

/**
 * Does one thing at an endpoint until it is done: a target that is away is tried again for as long as this process owns the
 * run (protocol I11). Answers false when `stop` aborted first; a process that stops still tries once, so that it hands
 * nothing over that it could have finished.
 */
export async function untilAnswered(
  { deps, stop, ownership }: OwnRun,
  endpoint: Endpoint,
  work: () => Promise<void>,
): Promise<boolean> {
  const run = ownership.current.run.uuid;
  let attempt = 0;
  do {
    try {
      await work();
      return true;
    } catch (error) {
      if (!mayPass(error)) throw error;
      const fields = { run, endpoint: endpoint.id, attempt, reason: String(error) };
      deps.telemetry.log.warn('target not settled yet', fields);
      noteAway(deps, ownership, endpoint, error);
      await pauseUnless(deps, stop, backoffMs(deps, attempt));
      attempt += 1;
    }
  } while (!stop.aborted);
  deps.telemetry.log.info('target left to whoever adopts the run', { run, endpoint: endpoint.id });
  return false;
}

/** For whoever looks on; nothing waits for it. */
function noteAway(deps: EngineDeps, { current }: Ownership, endpoint: Endpoint, error: unknown): void {
  const reason = `waits for ${endpoint.id}: ${wordsOf(error)}`;
  deps.journal.noteWaiting(current, { reason, endpoint_id: endpoint.id }).catch((failure: unknown) => {
    if (!isLost(failure)) deps.telemetry.log.warn('wait not noted', { run: current.run.uuid, reason, error: failure });
  });
}

/** A participant's database. What has moved has its ledger, and nothing that was prepared. */
interface Place extends Pick<Participant, 'row' | 'endpoint'> {
  readonly mayHaveMoved?: boolean;
}

/** @throws EdenError ENDPOINT_UNAVAILABLE, also when the endpoint leads elsewhere */
export function atParticipant<T>(
  deps: EngineDeps,
  participant: Place,
  work: (settlement: Settlement) => Promise<T>,
): Promise<T> {
  return withSettlement(deps, participant.endpoint, async (settlement) => {
    await assertSameDatabase(settlement, participant);
    return work(settlement);
  });
}

/** What an operator has forbidden is waited for as well: the databases of a run have to be brought to its decision. */
function mayPass(error: unknown): boolean {
  return isEdenError(error, 'ENDPOINT_NOT_ALLOWED') || (isEdenError(error) && error.retryable);
}

/** In another database an unknown id proves nothing: the endpoint was changed, and has to lead back first. */
async function assertSameDatabase(settlement: Settlement, { row, endpoint, mayHaveMoved }: Place): Promise<void> {
  const found = await settlement.whereIs(row.database);
  if (found === 'here' || (found === 'moved' && mayHaveMoved === true)) return;
  const details = `The endpoint no longer leads to the database "${row.database.name}" of the run`;
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
