import type { Run, Settlement } from '@eden/domain';
import type { Participant, Settling } from './participant.js';
import { untilSettled } from './settlement.js';

/** Undoes what an aborted attempt has left in one database. Answers false when it was left to whoever adopts the run. */
export async function undo(settling: Settling, participant: Participant): Promise<boolean> {
  const { deps, ownership } = settling;
  const { run } = ownership.current;
  const installation = await deps.journal.installation();
  return untilSettled(settling, participant, async (settlement) => {
    await settlement.endBackends(run.uuid, run.epoch);
    await settlement.rollbackPrepared(participant.row.preparedId);
    await settlement.raiseFence(run.migrationUuid, run.epoch);
    await rollBackLate(settlement, run, installation);
  });
}

/** A PREPARE that was on its way lands after an early rollback; behind the raised fence none can follow. */
async function rollBackLate(settlement: Settlement, run: Run, installation: string): Promise<void> {
  const prepared = await settlement.listPrepared(installation);
  for (const late of prepared.filter(({ runUuid, epoch }) => runUuid === run.uuid && epoch < run.epoch)) {
    await settlement.rollbackPrepared(late.preparedId);
  }
}
