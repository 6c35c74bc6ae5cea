import { CommittedBefore } from '@eden/domain';
import type { Fenced, PreparedTransaction, Settlement } from '@eden/domain';
import type { Participant, Settling } from './participant.js';
import { untilSettled } from './settlement.js';
import { askWitnessOf, assertOwned, witnessAmong } from './witness.js';

/**
 * Undoes what attempts at an aborting run have left in one database, and reads its ledger behind the raised fence. The
 * rollback comes before the fence, whose row is locked by whatever is prepared. Answers null when it was left to whoever
 * adopts the run.
 * @throws CommittedBefore, EdenError FENCED
 */
export async function undo(settling: Settling, participant: Participant): Promise<Fenced | null> {
  const { run } = settling.ownership.current;
  let fenced: Fenced | null = null;
  const isSettled = await untilSettled(settling, participant, async (settlement) => {
    await settlement.endBackends(run.uuid, run.epoch);
    await rollBackAll(settling, participant, settlement);
    fenced = await settlement.raiseFence(run.uuid, run.migrationUuid, run.epoch);
  });
  return isSettled ? fenced : null;
}

async function rollBackAll(settling: Settling, participant: Participant, settlement: Settlement): Promise<void> {
  const { deps, ownership } = settling;
  const prepared = await settlement.listPrepared(await deps.journal.installation());
  for (const each of prepared.filter(({ runUuid }) => runUuid === ownership.current.run.uuid)) {
    await assertUndecided(settling, participant, each);
    await settlement.rollbackPrepared(each.preparedId);
  }
}

/** The witness was asked about this attempt before; about any other one it has to be asked first. */
async function assertUndecided(
  settling: Settling,
  participant: Participant,
  prepared: PreparedTransaction,
): Promise<void> {
  const { run } = settling.ownership.current;
  if (prepared.token === run.token) return;
  await assertOwned(settling);
  if (participant === witnessAmong(settling.participants)) return;
  const [committed] = await askWitnessOf(settling, prepared);
  if (committed !== undefined) throw new CommittedBefore(committed.token);
}
