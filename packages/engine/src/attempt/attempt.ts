import { formatPreparedId } from '@eden/domain';
import type { HeldWriteLock, Plan, PreparedIdParts, RunParticipant } from '@eden/domain';
import type { BlockedReport } from '../control/blockers.js';
import { reportBlocked } from '../control/blockers.js';
import type { EngineDeps } from '../deps.js';
import type { MigrationWork } from '@eden/work';
import { endpointsByUuid } from '../plan/make-plan.js';
import type { Ownership } from '../control/ownership.js';
import type { PlannedWork } from '../plan/planned-work.js';
import { Progress } from './progress.js';
import type { SettlementTarget } from '../participants/settlement.js';

/** A migrate run under its write lock. */
export interface MigrateRun {
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

/** A migrate run from T1 to its commit or its abort. */
export interface Attempt extends MigrateRun, PlannedWork {
  readonly progress: Progress;
  /** The participants' databases, by their numbers. */
  readonly targets: readonly SettlementTarget[];
  /** Aborted when the process stops, the lock is lost or somebody else has the run. */
  readonly interrupted: AbortSignal;
  readonly reportBlocked: BlockedReport;
}

/** T1: the epoch that fences every effect of this attempt, and its participants for whoever may have to finish it. */
export async function startAttempt(migrate: MigrateRun, planned: PlannedWork): Promise<Attempt> {
  const { deps, ownership, lock, lockWaitMs, drain } = migrate;
  const { work, plan } = planned;
  const installation = await deps.journal.installation();
  const runUuid = ownership.current.run.uuid;
  const rows = (epoch: number): readonly RunParticipant[] => participantRows(plan, { installation, runUuid, epoch });
  const progress = new Progress(work, plan);
  const start = { apis: progress.all(), participants: rows };
  await ownership.advance((owned) => deps.journal.start(owned, start, lockWaitMs));
  await deps.crashPoints.reach('after-start');
  return {
    ...migrate,
    ...planned,
    progress,
    targets: settlementTargets(work, rows(ownership.current.run.epoch)),
    interrupted: AbortSignal.any([lock.signal, ownership.signal, drain]),
    reportBlocked: reportBlocked(deps, ownership),
  };
}

/** The rows that T1 writes, numbered in the order of the databases. */
function participantRows(plan: Plan, run: Omit<PreparedIdParts, 'number'>): readonly RunParticipant[] {
  return plan.databases.map(({ endpoint, identity, lastResource }, number) => ({
    number,
    endpointUuid: endpoint,
    ...identity,
    preparedId: formatPreparedId({ ...run, number }),
    lastResource,
  }));
}

function settlementTargets(work: MigrationWork, rows: readonly RunParticipant[]): readonly SettlementTarget[] {
  const endpoints = endpointsByUuid(work);
  return rows.map((participant) => {
    const endpoint = endpoints.get(participant.endpointUuid);
    if (endpoint === undefined) throw new TypeError('planned an endpoint that is not there');
    return { participant, endpoint };
  });
}

/** After this long the run is left to recovery, so that a target that is away blocks no slot of the worker. */
const SETTLE_MS = 15_000;

/** When what follows the decision is left to whoever adopts the run. */
export function whileSettling({ drain, ownership }: MigrateRun): AbortSignal {
  return AbortSignal.any([drain, ownership.signal, AbortSignal.timeout(SETTLE_MS)]);
}
