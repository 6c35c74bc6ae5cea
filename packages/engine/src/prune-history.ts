import pMap from 'p-map';
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
 * targets does not answer. `stop` ends the round between two runs.
 */
export async function pruneHistory(deps: EngineDeps, { store, keptDays }: Retention, stop: AbortSignal): Promise<void> {
  const round = { owner: deps.settings.owner, keptDays };
  if (!(await store.begin(round.owner))) return;
  const pruned = { runs: 0, events: 0, targetDatabases: 0, kept: 0 };
  try {
    await pruneRuns(deps, store, { round, pruned, stop });
    pruned.targetDatabases = await store.forgetTargetDatabases(round);
  } finally {
    await store.end(round.owner, ROUND_MS);
    deps.telemetry.historyPruned(pruned);
  }
}

interface Pruning {
  readonly round: RetentionRound;
  readonly pruned: { -readonly [K in keyof PrunedHistory]: PrunedHistory[K] };
  readonly stop: AbortSignal;
}

async function pruneRuns(deps: EngineDeps, store: RetentionStore, { round, pruned, stop }: Pruning): Promise<void> {
  let after: ForgettableRun | null = null;
  while (!stop.aborted) {
    const runs: readonly ForgettableRun[] = await store.forgettable(round, RUNS_AT_ONCE, after);
    const kept = await leaveTargets(deps, runs);
    pruned.kept += kept.size;
    for (const { uuid } of runs) {
      if (kept.has(uuid) || stop.aborted) continue;
      const { events, gone } = await forget(store, round, uuid);
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
  round: RetentionRound,
  run: Uuid,
): Promise<{ events: number; gone: boolean }> {
  let events = 0;
  for (;;) {
    const step = await store.forgetRun(round, run);
    events += step.events;
    if (step.gone || step.events === 0) return { events, gone: step.gone };
  }
}

/** Removes the ledger rows of the runs; answers those that some target still has, or may have, something of. */
async function leaveTargets(deps: EngineDeps, runs: readonly ForgettableRun[]): Promise<ReadonlySet<Uuid>> {
  const kept = new Set<Uuid>();
  await pMap(
    byEndpoint(runs),
    async ([endpointUuid, leaving]) => {
      try {
        for (const run of await stillPrepared(deps, endpointUuid, leaving)) kept.add(run);
      } catch (error) {
        deps.telemetry.log.warn('history kept: target not reached', { endpoint: endpointUuid, error });
        for (const { uuid } of leaving) kept.add(uuid);
      }
    },
    { concurrency: deps.settings.maxParallel },
  );
  return kept;
}

function byEndpoint(runs: readonly ForgettableRun[]): Map<Uuid, ForgettableRun[]> {
  const endpoints = new Map<Uuid, ForgettableRun[]>();
  for (const run of runs) {
    for (const endpoint of run.endpointUuids) endpoints.set(endpoint, [...(endpoints.get(endpoint) ?? []), run]);
  }
  return endpoints;
}

/** An endpoint that was deleted leads to nothing that could be removed. */
async function stillPrepared(
  deps: EngineDeps,
  endpointUuid: Uuid,
  [first, ...others]: readonly ForgettableRun[],
): Promise<readonly Uuid[]> {
  if (first === undefined) return [];
  const endpoints = await deps.journal.reader(first.organizationUuid).endpointsByUuid([endpointUuid]);
  const endpoint = endpoints.get(endpointUuid);
  if (endpoint === undefined) return [];
  return withSettlement(deps, endpoint, (settlement) => removeLedgers(deps, settlement, [first, ...others]));
}

/** A prepared transaction of a run that has ended is somebody's to settle, who wants to know its run. */
async function removeLedgers(
  deps: EngineDeps,
  settlement: Settlement,
  runs: readonly ForgettableRun[],
): Promise<readonly Uuid[]> {
  const prepared = await settlement.listPrepared(await deps.journal.installation());
  const kept = new Set(prepared.map(({ runUuid }) => runUuid));
  for (const { uuid } of runs) {
    if (!kept.has(uuid)) await settlement.deleteLedger(uuid);
  }
  return runs.map(({ uuid }) => uuid).filter((uuid) => kept.has(uuid));
}
