import { formatPreparedId } from '@eden/domain';
import type { HeldWriteLock, NoticePlace, Plan, PreparedIdParts, RunParticipant, Uuid } from '@eden/domain';
import type { MigrationWork } from '@eden/work';
import type { BlockedReport } from '../control/blockers.js';
import { reportBlocked } from '../control/blockers.js';
import type { Ownership } from '../control/ownership.js';
import { abortAfter } from '../control/pacing.js';
import type { EngineDeps } from '../deps.js';
import type { Participant, Settling } from '../participants/participant.js';
import { endpointsByUuid } from '../plan/make-plan.js';
import type { PlannedWork } from '../plan/planned-work.js';
import { Notices } from './notices.js';
import { Progress } from './progress.js';
import { Recorder } from './recorder.js';
import type { EnteredSource, PreparedSource } from './sources/prepared-source.js';
import { prepareSources } from './sources/prepared-source.js';

/** A migrate or rollback under its write lock. */
export interface LockedRun {
  readonly deps: EngineDeps;
  readonly ownership: Ownership;
  readonly lock: HeldWriteLock;
  /** How long the run waited for the lock, all tries together. */
  readonly lockWaitMs: number;
  /** Of a migrate. A rollback is planned under its lock. */
  readonly planned: PlannedWork | null;
  /** Aborted when the process stops. */
  readonly drain: AbortSignal;
}

/** One from T1 to its commit or its abort. */
export interface Attempt extends LockedRun, PlannedWork {
  readonly progress: Progress;
  /** In the order of the plan. */
  readonly sources: readonly PreparedSource[];
  /** By API, once its database was entered; those of the latest try at the gates. */
  readonly entered: Map<Uuid, EnteredSource>;
  readonly recorder: Recorder;
  readonly notices: Notices;
  /** At which binding each participant is, by its number. */
  readonly places: Map<number, NoticePlace>;
  /** In the order of their numbers, without sessions. */
  readonly participants: readonly Participant[];
  /** Aborted when the process stops, the lock is lost or somebody else has the run. */
  readonly interrupted: AbortSignal;
  readonly reportBlocked: BlockedReport;
}

/** T1: the epoch that fences every effect of this attempt, and its participants for whoever may have to finish it. */
export async function startAttempt(locked: LockedRun, planned: PlannedWork): Promise<Attempt> {
  const { deps, ownership, lock, lockWaitMs, drain } = locked;
  const { work, plan } = planned;
  const installation = await deps.journal.installation();
  const runUuid = ownership.current.run.uuid;
  const token = newToken(deps);
  const rows = (epoch: number): readonly RunParticipant[] =>
    participantRows(plan, { installation, runUuid, epoch, token });
  const sources = await prepareSources(deps, planned);
  const progress = new Progress(work, plan);
  const endpointVersions = new Map([...endpointsByUuid(work).values()].map(({ uuid, version }) => [uuid, version]));
  const start = { token, apis: progress.all(), endpointVersions, participants: rows };
  await ownership.advance((owned) => deps.journal.start(owned, start, lockWaitMs));
  await deps.crashPoints.reach('after-start');
  return {
    ...locked,
    ...planned,
    progress,
    sources,
    entered: new Map(),
    recorder: new Recorder(deps, ownership, progress),
    notices: new Notices(deps, ownership),
    places: new Map(),
    participants: withEndpoints(work, rows(ownership.current.run.epoch)),
    interrupted: AbortSignal.any([lock.signal, ownership.signal, drain]),
    reportBlocked: reportBlocked(deps, ownership),
  };
}

/** 16 random hexadecimal digits: never drawn again, on whatever timeline of the control database. */
function newToken({ chance }: EngineDeps): string {
  return chance.uuid().replaceAll('-', '').slice(-16);
}

/** The rows that T1 writes, numbered in the order of the databases. */
function participantRows(plan: Plan, run: Omit<PreparedIdParts, 'number'>): readonly RunParticipant[] {
  return plan.databases.map(({ endpoint, identity, class: participantClass, gates }, number) => ({
    number,
    endpointUuid: endpoint,
    database: identity,
    preparedId: formatPreparedId({ ...run, number }),
    class: participantClass,
    gates,
  }));
}

function withEndpoints(work: MigrationWork, rows: readonly RunParticipant[]): readonly Participant[] {
  const endpoints = endpointsByUuid(work);
  return rows.map((row) => {
    const endpoint = endpoints.get(row.endpointUuid);
    if (endpoint === undefined) throw new TypeError('planned an endpoint that is not there');
    return { row, endpoint, session: null };
  });
}

/** After this long the run is left to recovery, so that a target that is away blocks no slot of the worker. */
const SETTLE_MS = 15_000;

/** What follows the last vote, or the failure. Whoever adopts the run goes on where this process stops. */
export function settlingOf(
  attempt: Attempt,
  participants: readonly Participant[] = attempt.participants,
  isUnsent = false,
): Settling {
  const { deps, ownership, drain } = attempt;
  const stop = AbortSignal.any([drain, ownership.signal, abortAfter(deps, SETTLE_MS)]);
  return { deps, ownership, participants, isUnsent, stop };
}
