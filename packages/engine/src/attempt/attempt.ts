import { formatPreparedId } from '@eden/domain';
import type {
  HeldWriteLock,
  OutsideStep,
  OwnedRun,
  Plan,
  PreparedIdParts,
  Run,
  RunParticipant,
  RunStart,
  Uuid,
} from '@eden/domain';
import type { MigrationWork } from '@eden/work';
import { reportBlocked } from '../control/blockers.js';
import type { Ownership } from '../control/ownership.js';
import { abortAfter } from '../control/pacing.js';
import type { EngineDeps } from '../deps.js';
import type { Participant, Settling } from '../participants/participant.js';
import { endpointsByUuid, endpointVersionsOf } from '../plan/make-plan.js';
import type { PlannedWork } from '../plan/planned-work.js';
import { Notices } from './notices.js';
import { Progress } from './progress.js';
import { Recorder } from './recorder.js';
import { EarlySessions, openSessions, type SessionOwner } from './sessions.js';
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
  readonly prepared: PreparedAttempt | null;
  /** Aborted when the process stops. */
  readonly drain: AbortSignal;
}

/** What of an attempt can be made ready before its lock, because from there on executions wait. */
export interface PreparedAttempt extends SessionOwner {
  readonly progress: Progress;
  /** In the order of the plan. */
  readonly sources: readonly PreparedSource[];
  readonly recorder: Recorder;
  /** The rows that T1 writes, of an epoch. */
  readonly rows: (epoch: number) => readonly RunParticipant[];
  readonly early: EarlySessions;
}

/** One from T1 to its commit or its abort. */
export interface Attempt extends LockedRun, Omit<PreparedAttempt, 'deps' | 'ownership'> {
  readonly prepared: PreparedAttempt;
  /** By API, once its database was entered; those of the latest try at the gates. */
  readonly entered: Map<Uuid, EnteredSource>;
  /** In the order of their numbers, without sessions. */
  readonly participants: readonly Participant[];
  /** Aborted when the process stops, the lock is lost or somebody else has the run. */
  readonly interrupted: AbortSignal;
}

/** Writes down who takes part in an attempt, for whoever may have to finish it. */
type Beginning = (owned: OwnedRun, start: RunStart) => Promise<OwnedRun>;

/**
 * Reads what the attempt needs and opens its sessions; whoever does not begin it closes these.
 * @param epoch That its T1 is expected to give it.
 * @throws EdenError ENDPOINT_UNAVAILABLE
 */
export async function prepareAttempt(
  { deps, ownership }: Pick<LockedRun, 'deps' | 'ownership'>,
  planned: PlannedWork,
  epoch: number,
): Promise<PreparedAttempt> {
  const { run } = ownership.current;
  const token = newToken(deps);
  const [installation, sources, steps] = await Promise.all([
    deps.journal.installation(),
    prepareSources(deps, planned),
    stepsOutside(deps, run, planned.plan),
  ]);
  const progress = new Progress(planned.work, planned.plan, steps);
  const rows = (at: number): readonly RunParticipant[] =>
    participantRows(planned.plan, { installation, runUuid: run.uuid, epoch: at, token });
  const owner = {
    ...{ ...planned, deps, ownership, token },
    notices: new Notices(deps, ownership),
    places: new Map(),
    reportBlocked: reportBlocked(deps, ownership),
  };
  const sessions = await openSessions(owner, withEndpoints(planned.work, rows(epoch)), epoch);
  const recorder = new Recorder(deps, ownership, progress);
  return { ...owner, progress, sources, recorder, rows, early: new EarlySessions(epoch, sessions) };
}

/**
 * T1: the epoch that fences every effect of this attempt, and its participants for whoever may have to finish it.
 * @param begin Another beginning than that, of what is rehearsed.
 */
export async function startAttempt(locked: LockedRun, prepared: PreparedAttempt, begin?: Beginning): Promise<Attempt> {
  const { deps, ownership, lock, lockWaitMs, drain } = locked;
  const { work, token, progress, rows } = prepared;
  const start = {
    token,
    apis: progress.all(),
    endpointVersions: endpointVersionsOf(work),
    participants: rows,
  };
  const t1: Beginning = (owned) => deps.journal.start(owned, start, lockWaitMs);
  await ownership.advance((owned) => (begin ?? t1)(owned, start));
  await deps.crashPoints.reach('after-start');
  return {
    ...prepared,
    ...locked,
    prepared,
    entered: new Map(),
    participants: withEndpoints(work, rows(ownership.current.run.epoch)),
    interrupted: AbortSignal.any([lock.signal, ownership.signal, drain]),
  };
}

/** What is done already outside the transaction, and what comes last. */
async function stepsOutside(deps: EngineDeps, run: Run, plan: Plan): Promise<readonly OutsideStep[]> {
  const isPlanned = plan.apis.some(({ bindings }) => bindings.some(({ outside }) => outside !== undefined));
  return isPlanned ? deps.journal.reader(run.organizationUuid).outsideSteps(run.uuid) : [];
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
