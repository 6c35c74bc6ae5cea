import { EdenError } from '@eden/domain';
import type { LedgerRow, Plan, PreparedTransaction, Run, RunParticipant, Settlement } from '@eden/domain';
import type { Participant, Settling } from './participant.js';
import { atParticipant } from './settlement.js';

/**
 * The participant whose ledger tells what has become of the run, whatever the control database has forgotten (protocol
 * I20): the last resource, which commits by itself, else the first one. Nobody else commits before it has.
 */
export function witnessOf<T extends Pick<RunParticipant, 'class'>>(rows: readonly T[]): T | undefined {
  return rows.find((row) => row.class === 'last-resource') ?? rows[0];
}

/** None where the run has no databases. */
export function witnessAmong(participants: readonly Participant[]): Participant | undefined {
  const witness = witnessOf(participants.map(({ row }) => row));
  return participants.find(({ row }) => row === witness);
}

/** Of a run of which no attempt is known; the control database may have forgotten one. */
export function plannedRows(run: Pick<Run, 'uuid'>, plan: Plan | null): readonly RunParticipant[] {
  return (plan?.databases ?? []).map(({ endpoint, identity, class: participantClass, gates }, number) => ({
    number,
    endpointUuid: endpoint,
    database: identity,
    preparedId: `${run.uuid}/${number}`,
    class: participantClass,
    gates,
  }));
}

type Attempt = Pick<PreparedTransaction, 'installation' | 'runUuid' | 'epoch' | 'token'>;

/**
 * What the witness says of an attempt, once nothing of that can be committed there any more: its session is ended and its
 * prepared transaction rolled back first. Answers the run's ledger there.
 */
export async function askWitness(settlement: Settlement, attempt: Attempt): Promise<readonly LedgerRow[]> {
  const { installation, runUuid, epoch, token } = attempt;
  await settlement.endBackends(runUuid, epoch + 1);
  const prepared = await settlement.listPrepared(installation);
  for (const each of prepared.filter((one) => one.runUuid === runUuid && one.token === token)) {
    await settlement.rollbackPrepared(each.preparedId);
  }
  return settlement.readLedger(runUuid);
}

/** The same, for the owner of an aborting run. */
export function askWitnessOf({ deps, participants }: Settling, attempt: Attempt): Promise<readonly LedgerRow[]> {
  const witness = witnessAmong(participants);
  if (witness === undefined) throw new TypeError('a participant without a witness');
  return atParticipant(deps, witness, (settlement) => askWitness(settlement, attempt));
}

/** What another attempt has prepared is nobody's only as long as the run is ours. @throws EdenError FENCED */
export async function assertOwned({ deps, ownership }: Settling): Promise<void> {
  const { current } = ownership;
  if (await deps.journal.heartbeat(current)) return;
  throw new EdenError('FENCED', { run_uuid: current.run.uuid, epoch: current.run.epoch });
}
