import pMap from 'p-map';
import { RUN_STATE_RULES } from '@eden/domain';
import type { ForgettableRun, PrunedHistory, RetentionRound, RetentionStore, Settlement, Uuid } from '@eden/domain';
import type { EngineDeps } from './deps.js';
import { withSettlement } from './participants/settlement.js';

export interface Retention {
  readonly store: RetentionStore;
  /** Days that a run stays after its end (RETENTION_DAYS). */
  readonly keptDays: number;
}

/** Runs whose targets are asked at once. */
const RUNS_AT_ONCE = 50;
const ROUND_MS = 10 * 60_000;

/**
 * One round of retention, when it is due and no other worker is at it: takes away the runs whose time is over, with what
 * they have left in the targets. The target goes first: a run that is gone from the control database would leave ledger
 * rows that nobody knows, and a prepared transaction that the sweep takes for an orphan. So a run stays for as long as one of its
 * targets does not answer. `stop` ends the round after the step that it is at.
 */
export async function pruneHistory(deps: EngineDeps, { store, keptDays }: Retention, stop: AbortSignal): Promise<void> {
  const round = { owner: deps.settings.owner, keptDays };
  if (!(await store.begin(round.owner))) return;
  const pruned = { runs: 0, events: 0, targetDatabases: 0, kept: 0 };
  try {
    await pruneRuns(deps, store, { round, pruned, unreachable: new Set(), stop });
    pruned.targetDatabases = await store.forgetTargetDatabases(round);
  } finally {
    await store.end(round.owner, ROUND_MS);
    deps.telemetry.historyPruned(pruned);
  }
}

interface Pruning {
  readonly round: RetentionRound;
  readonly pruned: { -readonly [K in keyof PrunedHistory]: PrunedHistory[K] };
  /** Endpoints that have not answered: asked again in the next round, not for every batch of this one. */
  readonly unreachable: Set<Uuid>;
  readonly stop: AbortSignal;
}

async function pruneRuns(deps: EngineDeps, store: RetentionStore, pruning: Pruning): Promise<void> {
  const { round, pruned, stop } = pruning;
  let after: ForgettableRun | null = null;
  while (!stop.aborted) {
    const runs: readonly ForgettableRun[] = await store.forgettable(round, RUNS_AT_ONCE, after);
    const kept = await leaveTargets(deps, runs, pruning);
    pruned.kept += kept.size;
    for (const { uuid } of runs) {
      if (kept.has(uuid) || stop.aborted) continue;
      const { events, gone } = await forget(store, uuid, pruning);
      pruned.events += events;
      if (gone) pruned.runs += 1;
    }
    after = runs.at(-1) ?? null;
    if (after === null) return;
  }
}

/** One short transaction after the other, until nothing is left; a run that may stay after all is left alone. */
async function forget(
  store: RetentionStore,
  run: Uuid,
  { round, stop }: Pruning,
): Promise<{ events: number; gone: boolean }> {
  let events = 0;
  for (;;) {
    const step = await store.forgetRun(round, run);
    events += step.events;
    if (step.gone || step.events === 0 || stop.aborted) return { events, gone: step.gone };
  }
}

/** The runs that have worked through one endpoint. */
interface Leaving {
  readonly endpointUuid: Uuid;
  readonly runs: readonly ForgettableRun[];
}

/**
 * Removes the ledger rows of the runs; answers those that some target still has, or may have, something of. Once `stop` has
 * aborted the others are not done with, either.
 */
async function leaveTargets(
  deps: EngineDeps,
  runs: readonly ForgettableRun[],
  pruning: Pruning,
): Promise<ReadonlySet<Uuid>> {
  const kept = await pMap(
    byEndpoint(runs),
    (leaving) => (pruning.stop.aborted ? [] : keptByEndpoint(deps, leaving, pruning)),
    { concurrency: deps.settings.maxParallel },
  );
  return new Set(kept.flat().map(({ uuid }) => uuid));
}

function byEndpoint(runs: readonly ForgettableRun[]): readonly Leaving[] {
  const endpoints = new Map<Uuid, Set<ForgettableRun>>();
  for (const run of runs) {
    for (const { endpointUuid } of run.databases) {
      endpoints.set(endpointUuid, (endpoints.get(endpointUuid) ?? new Set()).add(run));
    }
  }
  return [...endpoints].map(([endpointUuid, leaving]) => ({ endpointUuid, runs: [...leaving] }));
}

async function keptByEndpoint(
  deps: EngineDeps,
  leaving: Leaving,
  { unreachable, stop }: Pruning,
): Promise<readonly ForgettableRun[]> {
  const { endpointUuid, runs } = leaving;
  if (unreachable.has(endpointUuid)) return runs;
  try {
    return await leaveEndpoint(deps, leaving, stop);
  } catch (error) {
    deps.telemetry.log.warn('history kept: target not reached', { endpoint: endpointUuid, error });
    unreachable.add(endpointUuid);
    return runs;
  }
}

async function leaveEndpoint(
  deps: EngineDeps,
  leaving: Leaving,
  stop: AbortSignal,
): Promise<readonly ForgettableRun[]> {
  const { endpointUuid, runs } = leaving;
  const [first] = runs;
  if (first === undefined) return [];
  const endpoints = await deps.journal.reader(first.organizationUuid).endpointsByUuid([endpointUuid]);
  const endpoint = endpoints.get(endpointUuid);
  if (endpoint !== undefined) {
    return withSettlement(deps, endpoint, (settlement) => leaveDatabase(deps, settlement, leaving, stop));
  }
  const kept = runs.filter(mayBeCommitted);
  if (kept.length > 0) {
    deps.telemetry.log.warn('history kept: endpoint deleted', { endpoint: endpointUuid, runs: kept.length });
  }
  return kept;
}

/**
 * Whether the run is to commit what may be prepared where nobody can look for it. What any other has left is never
 * committed for its sake: the sweep rolls it back, or reports it, without the run.
 */
function mayBeCommitted({ state }: ForgettableRun): boolean {
  return RUN_STATE_RULES[state].prepared === 'committed';
}

/** A prepared transaction of a run that has ended is somebody's to settle, who wants to know its run. */
async function leaveDatabase(
  deps: EngineDeps,
  settlement: Settlement,
  leaving: Leaving,
  stop: AbortSignal,
): Promise<readonly ForgettableRun[]> {
  const listed = await settlement.listPrepared(await deps.journal.installation());
  const prepared = new Set(listed.map(({ runUuid }) => runUuid));
  const elsewhere = await committedElsewhere(deps, settlement, leaving);
  const kept = leaving.runs.filter((run) => prepared.has(run.uuid) || elsewhere.has(run));
  for (const run of leaving.runs) {
    if (stop.aborted) break;
    if (!prepared.has(run.uuid)) await settlement.deleteLedger(run);
  }
  return kept;
}

/** The committed runs of a database to which their endpoint does not lead any more: what is there, is not seen here. */
async function committedElsewhere(
  deps: EngineDeps,
  settlement: Settlement,
  { endpointUuid, runs }: Leaving,
): Promise<ReadonlySet<ForgettableRun>> {
  const worked = runs
    .filter(mayBeCommitted)
    .flatMap((run) =>
      run.databases.filter((way) => way.endpointUuid === endpointUuid).map(({ database }) => ({ run, database })),
    );
  const elsewhere = new Set<string>();
  for (const [key, { database }] of new Map(worked.map((each) => [each.database.key, each]))) {
    if ((await settlement.whereIs(database)) !== 'elsewhere') continue;
    elsewhere.add(key);
    const fields = { endpoint: endpointUuid, database: database.name };
    deps.telemetry.log.warn('history kept: endpoint leads to another database', fields);
  }
  return new Set(worked.filter(({ database }) => elsewhere.has(database.key)).map(({ run }) => run));
}
