import { isEdenError } from '@eden/domain';
import type { Gate, ParticipantSpec } from '@eden/domain';
import type { MigrationWork } from '@eden/work';
import { lockTimeoutOf } from '@eden/work';
import { blockedOf } from '../control/blockers.js';
import { Interrupted } from '../control/failure.js';
import { jitter, settleAll } from '../control/pacing.js';
import { classOf } from '../participants/classes.js';
import type { OpenParticipant, Participant } from '../participants/participant.js';
import { closeAll } from '../participants/participant.js';
import type { Attempt } from './attempt.js';
import { enterSources } from './sources/enter-sources.js';

/** How long a participant waits for one gate before the run lets go of all and tries again. */
const GATE_WAIT_MS = 2_000;

/** How long a statement waits for a lock at a time: as long, others wait behind it. */
const LOCK_WAIT_MS = 500;

/** Between two tries at the gates. */
const RETRY_MS = 100;

/**
 * Opens every session and enters one after the other in the order of the databases, so that no two runs and no reader
 * can wait for each other in a circle. A gate that stays taken makes the run let go of all and try again.
 * @throws EdenError LOCK_TIMEOUT (context: blockers) when the migration's lock timeout is over
 * @throws CommittedBefore, Interrupted
 */
export async function enterGates(attempt: Attempt): Promise<readonly OpenParticipant[]> {
  const { deps, work, interrupted } = attempt;
  const deadline = deps.clock.elapsedMs() + lockTimeoutOf(work.migration, deps.settings.lockTimeoutMs);
  for (;;) {
    const participants = await openAll(attempt);
    try {
      await enterAll(attempt, participants);
      await deps.crashPoints.reach('after-begin');
      return participants;
    } catch (error) {
      await closeAll(participants);
      const mayPass = isEdenError(error, 'LOCK_TIMEOUT') && deps.clock.elapsedMs() < deadline;
      if (!mayPass || interrupted.aborted) throw error;
      attempt.reportBlocked(blockedOf(error.context));
      await deps.clock.sleep(jitter(deps, RETRY_MS));
    }
  }
}

async function enterAll(attempt: Attempt, participants: readonly OpenParticipant[]): Promise<void> {
  const { interrupted } = attempt;
  const letGo = (): void => void closeAll(participants);
  interrupted.addEventListener('abort', letGo);
  try {
    for (const participant of participants) {
      if (interrupted.aborted) throw new Interrupted('before all gates were closed');
      await classOf(participant).enter(participant.session);
      await enterSources(attempt, participant);
    }
  } finally {
    interrupted.removeEventListener('abort', letGo);
  }
}

/** Opens all at once; nothing is locked yet. Closes those that opened when one fails. */
async function openAll(attempt: Attempt): Promise<readonly OpenParticipant[]> {
  const { deps, participants } = attempt;
  const installation = await deps.journal.installation();
  const opened: OpenParticipant[] = [];
  const open = async (participant: Participant): Promise<void> => {
    opened.push(await openOne(attempt, participant, installation));
  };
  const results = await settleAll(participants, open, deps.settings.maxParallel);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed !== undefined) {
    await closeAll(opened);
    throw failed.reason;
  }
  return opened.sort((a, b) => a.row.number - b.row.number);
}

async function openOne(attempt: Attempt, participant: Participant, installation: string): Promise<OpenParticipant> {
  const { deps, ownership, work, reportBlocked } = attempt;
  const { uuid: runUuid, migrationUuid, epoch, token } = ownership.current.run;
  const { endpoint, row } = participant;
  const longest = lockTimeoutOf(work.migration, deps.settings.lockTimeoutMs);
  const spec: ParticipantSpec = {
    installation,
    number: row.number,
    runUuid,
    migrationUuid,
    epoch,
    token,
    gates: gatesOf(attempt, participant),
    gateTimeoutMs: Math.min(GATE_WAIT_MS, longest),
    lockTimeoutMs: Math.min(LOCK_WAIT_MS, longest),
    onBlocked: reportBlocked,
    onNotice: (said) => {
      attempt.notices.note(attempt.places.get(row.number) ?? { endpoint_id: endpoint.id }, said);
    },
  };
  const session = await deps.targets.adapter(endpoint.kind).openParticipant(endpoint, spec);
  return { ...participant, session };
}

/** The gates of a database with the schema version that T2 will give their APIs. */
function gatesOf({ work, plan }: Attempt, { row }: Participant): readonly Gate[] {
  const gates = new Set(plan.databases[row.number]?.gates);
  return apisOf(work).filter(({ apiUuid }) => gates.has(apiUuid));
}

function apisOf({ apis }: MigrationWork): readonly Gate[] {
  return apis.map(({ member: { api } }) => ({ apiUuid: api.uuid, schemaVersion: api.schemaVersion + 1 }));
}
