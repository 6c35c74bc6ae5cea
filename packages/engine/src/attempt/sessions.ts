import type { Gate, NoticePlace, ParticipantSpec } from '@eden/domain';
import type { MigrationWork } from '@eden/work';
import { lockTimeoutOf } from '@eden/work';
import type { BlockedReport } from '../control/blockers.js';
import type { Ownership } from '../control/ownership.js';
import { settleAll } from '../control/pacing.js';
import type { EngineDeps } from '../deps.js';
import type { OpenParticipant, Participant } from '../participants/participant.js';
import { closeAll } from '../participants/participant.js';
import type { PlannedWork } from '../plan/planned-work.js';
import type { Notices } from './notices.js';

/** How long a participant waits for one gate before the run lets go of all and tries again. */
const GATE_WAIT_MS = 2_000;

/** How long a statement waits for a lock at a time: as long, others wait behind it. */
const LOCK_WAIT_MS = 500;

/** Whose sessions they are, and whom they tell of what happens in them. */
export interface SessionOwner extends PlannedWork {
  readonly deps: EngineDeps;
  readonly ownership: Ownership;
  /** Of the attempt. */
  readonly token: string;
  readonly notices: Notices;
  /** At which binding each participant is, by its number. */
  readonly places: Map<number, NoticePlace>;
  readonly reportBlocked: BlockedReport;
}

/** Opens all at once; nothing is locked yet. Closes those that opened when one fails. @throws EdenError ENDPOINT_UNAVAILABLE */
export async function openSessions(
  owner: SessionOwner,
  participants: readonly Participant[],
  epoch: number,
): Promise<readonly OpenParticipant[]> {
  const { deps } = owner;
  const installation = await deps.journal.installation();
  const opened: OpenParticipant[] = [];
  const open = async (participant: Participant): Promise<void> => {
    opened.push(await openOne(owner, participant, { installation, epoch }));
  };
  const results = await settleAll(participants, open, deps.settings.maxParallel);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed !== undefined) {
    await closeAll(opened);
    throw failed.reason;
  }
  return opened.sort((a, b) => a.row.number - b.row.number);
}

async function openOne(
  owner: SessionOwner,
  participant: Participant,
  { installation, epoch }: Pick<ParticipantSpec, 'installation' | 'epoch'>,
): Promise<OpenParticipant> {
  const { deps, ownership, work, token, reportBlocked } = owner;
  const { uuid: runUuid, migrationUuid } = ownership.current.run;
  const { endpoint, row } = participant;
  const longest = lockTimeoutOf(work.migration, deps.settings.lockTimeoutMs);
  const spec: ParticipantSpec = {
    installation,
    number: row.number,
    runUuid,
    migrationUuid,
    epoch,
    token,
    gates: gatesOf(owner, participant),
    gateTimeoutMs: Math.min(GATE_WAIT_MS, longest),
    lockTimeoutMs: Math.min(LOCK_WAIT_MS, longest),
    onBlocked: reportBlocked,
    onNotice: (said) => {
      owner.notices.note(owner.places.get(row.number) ?? { endpoint_id: endpoint.id }, said);
    },
  };
  const session = await deps.targets.adapter(endpoint.kind).openParticipant(endpoint, spec);
  return { ...participant, session };
}

/** The gates of a database with the schema version that T2 will give their APIs. */
function gatesOf({ work, plan }: PlannedWork, { row }: Participant): readonly Gate[] {
  const gates = new Set(plan.databases[row.number]?.gates);
  return apisOf(work).filter(({ apiUuid }) => gates.has(apiUuid));
}

function apisOf({ apis }: MigrationWork): readonly Gate[] {
  return apis.map(({ member: { api } }) => ({ apiUuid: api.uuid, schemaVersion: api.schemaVersion + 1 }));
}

/**
 * Sessions that are open before the attempt has its lock, so that nobody waits while they connect. They name the epoch that
 * its T1 is expected to give it, and are of no use to another one.
 */
export class EarlySessions {
  private isTaken = false;

  constructor(
    private readonly epoch: number,
    private readonly sessions: readonly OpenParticipant[],
  ) {}

  /** Once; null for the second time, and where T1 has given another epoch. */
  async take(epoch: number): Promise<readonly OpenParticipant[] | null> {
    if (this.isTaken) return null;
    if (epoch !== this.epoch) {
      await this.close();
      return null;
    }
    this.isTaken = true;
    return this.sessions;
  }

  /** Those that nobody has taken. */
  async close(): Promise<void> {
    if (this.isTaken) return;
    this.isTaken = true;
    await closeAll(this.sessions);
  }
}
