import { setTimeout as delay } from 'node:timers/promises';
import { databaseKey, isEdenError } from '@eden/domain';
import type { Endpoint, Gate, ParticipantSession, ParticipantSpec, PlannedDatabase } from '@eden/domain';
import { lockTimeoutOf } from '@eden/work';
import type { Attempt } from './attempt.js';
import type { EngineDeps } from '../deps.js';
import { Interrupted } from '../control/failure.js';
import type { MigrationWork } from '@eden/work';
import { jitter, settleAll } from '../control/pacing.js';

/** One database of a run: its transaction, and the endpoint through which it is reached. */
export interface Participant {
  readonly number: number;
  readonly key: string;
  readonly endpoint: Endpoint;
  readonly session: ParticipantSession;
  /** Is not prepared, but commits by itself. */
  readonly lastResource: boolean;
}

/** How long a participant waits for one gate before the run lets go of all and tries again. */
const GATE_WAIT_MS = 2_000;

/** How long a statement waits for a lock at a time: as long, others wait behind it. */
const LOCK_WAIT_MS = 500;

/**
 * Opens every session and begins them one after the other in the order of the databases, so that no two runs and no
 * reader can wait for each other in a circle. A gate that stays taken makes the run let go of all and try again.
 * @throws EdenError LOCK_TIMEOUT (context: blockers) when the migration's lock timeout is over
 * @throws Interrupted
 */
export async function beginParticipants(attempt: Attempt): Promise<readonly Participant[]> {
  const { deps, work, interrupted } = attempt;
  const deadline = Date.now() + lockTimeoutOf(work.migration, deps.settings.lockTimeoutMs);
  for (;;) {
    const participants = await openParticipants(attempt);
    try {
      await beginAll(participants, interrupted);
      await deps.crashPoints.reach('after-begin');
      return participants;
    } catch (error) {
      await closeAll(participants);
      const mayPass = isEdenError(error, 'LOCK_TIMEOUT') && Date.now() < deadline;
      if (!mayPass || interrupted.aborted) throw error;
      attempt.reportBlocked(error.context);
      await delay(jitter(100));
    }
  }
}

async function beginAll(participants: readonly Participant[], interrupted: AbortSignal): Promise<void> {
  const letGo = (): void => void closeAll(participants);
  interrupted.addEventListener('abort', letGo);
  try {
    for (const { session } of participants) {
      if (interrupted.aborted) throw new Interrupted('before all gates were closed');
      await session.begin();
    }
  } finally {
    interrupted.removeEventListener('abort', letGo);
  }
}

/** Opens all at once; nothing is locked yet. Closes those that opened when one fails. */
async function openParticipants(attempt: Attempt): Promise<readonly Participant[]> {
  const { deps, plan } = attempt;
  const installation = await deps.journal.installation();
  const opened: Participant[] = [];
  const open = async (database: PlannedDatabase, number: number): Promise<void> => {
    opened.push(await openParticipant(attempt, database, { installation, number }));
  };
  const results = await settleAll(plan.databases, open, deps.settings.maxParallel);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed !== undefined) {
    await closeAll(opened);
    throw failed.reason;
  }
  return opened.sort((a, b) => a.number - b.number);
}

async function openParticipant(
  { deps, ownership, work, targets, reportBlocked }: Attempt,
  database: PlannedDatabase,
  name: Pick<ParticipantSpec, 'installation' | 'number'>,
): Promise<Participant> {
  const { number } = name;
  const endpoint = targets[number]?.endpoint;
  if (endpoint === undefined) throw new TypeError('a planned database without target');
  const { uuid: runUuid, migrationUuid, epoch } = ownership.current.run;
  const longest = lockTimeoutOf(work.migration, deps.settings.lockTimeoutMs);
  const session = await deps.targets.adapter(endpoint.kind).openParticipant(endpoint, {
    ...name,
    runUuid,
    migrationUuid,
    epoch,
    gates: gatesOf(work, database),
    gateTimeoutMs: Math.min(GATE_WAIT_MS, longest),
    lockTimeoutMs: Math.min(LOCK_WAIT_MS, longest),
    onBlocked: reportBlocked,
  });
  return { number, key: databaseKey(database.identity), endpoint, session, lastResource: database.lastResource };
}

/** The gates of a database with the schema version that T2 will give their APIs. */
function gatesOf(work: MigrationWork, database: PlannedDatabase): readonly Gate[] {
  const gates = new Set(database.gates);
  return work.apis
    .map(({ member }) => ({ apiUuid: member.api.uuid, schemaVersion: member.api.schemaVersion + 1 }))
    .filter(({ apiUuid }) => gates.has(apiUuid));
}

export async function closeAll(participants: readonly Participant[]): Promise<void> {
  await Promise.all(participants.map(({ session }) => session.close()));
}
