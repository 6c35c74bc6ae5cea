import { cutWords, EdenError, isLeftToUndo, toStoredError } from '@eden/domain';
import type { DoubtfulStep, Evidence, OutsideStep, RunState, SteppedSchema, StoredError } from '@eden/domain';
import { Interrupted, WORKER_STOPS, wordsOf } from '../control/failure.js';
import { assertWindowOpen, HeldBack, windowOf } from '../control/maintenance.js';
import { pauseUnless } from '../control/pacing.js';
import { noteSchemas } from '../plan/schemas.js';
import { RowBudget } from './batches/row-budget.js';
import { takeSideBySide } from './side-by-side.js';
import { EpochBehind, StepsFailed, type OwnRun, type StepFailed, type Stepping } from './stepping.js';
import { carryOut, compensate } from './try-step.js';

/*
 * The steps of a run outside its transaction (protocol I35), from their rows alone: whoever owns the run does them, whether its worker
 * began them or died of them. Each state says in which direction to go, and another direction has a newer epoch:
 *
 *   stepping      those before the atomic part, in order; then the run is called again for its lock
 *   finishing     those behind the commit, in order; then the run has succeeded
 *   compensating  all that have begun, the last one first; then the run has failed or was cancelled
 *
 * In order is by stage, and in a stage within each database and each API: other databases are beside it.
 */

const DRIVES = { stepping: doFirst, finishing: doLast, compensating: takeBack } as const satisfies Partial<
  Record<RunState, (stepping: Stepping) => Promise<void>>
>;

/** Whether the run has nothing to do but its steps. */
export function isAtSteps(state: RunState): state is keyof typeof DRIVES {
  return state in DRIVES;
}

/** Goes on with the steps of a run that is at them. @throws EdenError FENCED when somebody else has the run */
export async function driveSteps(own: OwnRun): Promise<void> {
  const stepping: Stepping = { ...own, cut: own.stop, budget: new RowBudget() };
  const { deps, ownership } = stepping;
  try {
    await driveOn(stepping);
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    await deps.journal.leaveSteps(ownership.current);
  }
}

/** With a newer epoch where a target asks for one, once for each step. */
async function driveOn(stepping: Stepping): Promise<void> {
  const behind = new Set<number>();
  for (;;) {
    const { state } = stepping.ownership.current.run;
    if (!isAtSteps(state)) throw new TypeError(`a run that is ${state} is not at its steps`);
    try {
      return await DRIVES[state](stepping);
    } catch (error) {
      if (!(error instanceof EpochBehind)) throw error;
      const isFirst = !behind.has(error.step.number);
      if (!isFirst || !(await catchUp(stepping, error))) throw error.fenced;
      behind.add(error.step.number);
    }
  }
}

/** Nobody is at a step meanwhile: what is written with the old epoch is refused. */
async function catchUp({ deps, ownership }: Stepping, { seen }: EpochBehind): Promise<boolean> {
  if (ownership.signal.aborted || !(await deps.journal.heartbeat(ownership.current))) return false;
  await ownership.advance((owned) => deps.journal.catchUp(owned, seen));
  return true;
}

function stepsOf({ deps, ownership }: Stepping): Promise<readonly OutsideStep[]> {
  const { uuid, organizationUuid } = ownership.current.run;
  return deps.journal.reader(organizationUuid).outsideSteps(uuid);
}

async function doFirst(stepping: Stepping): Promise<void> {
  const { deps, ownership } = stepping;
  try {
    await doAll(stepping, 'before');
  } catch (error) {
    if (error instanceof HeldBack) return deps.journal.holdBack(ownership.current, error.reason);
    if (!(error instanceof StepsFailed)) throw error;
    return deps.journal.failSteps(ownership.current, failureOf(error), cutWords(reasonOf(error.first)));
  }
  await deps.journal.endSteps(ownership.current, await steppedSchemas(stepping));
}

async function doLast(stepping: Stepping): Promise<void> {
  const { deps, ownership } = stepping;
  try {
    await doAllInWindows(stepping);
  } catch (error) {
    if (!(error instanceof StepsFailed)) throw error;
    return leaveToAPerson(stepping, error, true);
  }
  const { run } = ownership.current;
  await deps.crashPoints.reach('before-complete');
  await noteSchemasLeft(stepping);
  await deps.journal.complete(ownership.current);
  deps.telemetry.runFinished(run.kind, 'succeeded', { run: run.uuid, migration: run.migrationId });
}

async function noteSchemasLeft({ deps, ownership }: Stepping): Promise<void> {
  const { run } = ownership.current;
  const rows = await deps.journal.participants(run.uuid);
  const reader = deps.journal.reader(run.organizationUuid);
  const endpoints = await reader.endpointsByUuid(rows.map(({ endpointUuid }) => endpointUuid));
  const left = rows.flatMap(({ database, endpointUuid }) => {
    const endpoint = endpoints.get(endpointUuid);
    return endpoint === undefined ? [] : [{ database, endpoint }];
  });
  await noteSchemas(deps, ownership.current, left);
}

/** What the steps have made of their databases: whatever changes that until the atomic part begins is somebody else's. */
async function steppedSchemas(stepping: Stepping): Promise<readonly SteppedSchema[]> {
  const { deps, ownership } = stepping;
  const { organizationUuid } = ownership.current.run;
  const steps = (await stepsOf(stepping)).filter(({ phase }) => phase === 'before');
  const last = new Map(steps.map((step) => [step.database.key, step.endpointUuid]));
  const endpoints = await deps.journal.reader(organizationUuid).endpointsByUuid([...last.values()]);
  const schemas: SteppedSchema[] = [];
  for (const [database, uuid] of last) {
    const endpoint = endpoints.get(uuid);
    if (endpoint === undefined) continue;
    // Of one that is away nothing is known: the run finds out when it comes for its lock.
    const report = await deps.targets
      .adapter(endpoint.kind)
      .inspect(endpoint)
      .catch(() => null);
    if (report !== null) schemas.push({ database, fingerprint: report.schemaFingerprint });
  }
  return schemas;
}

/** @throws StepsFailed; HeldBack while the maintenance window is closed */
async function doAll(stepping: Stepping, phase: OutsideStep['phase']): Promise<void> {
  const { deps, ownership } = stepping;
  const window = await windowOf(deps, ownership.current.run);
  const steps = (await stepsOf(stepping)).filter((step) => step.phase === phase && step.state !== 'done');
  await takeSideBySide(stepping, steps, {
    maxParallel: await maxParallelOf(stepping),
    isCutShort: phase === 'before',
    take: (bounded, step) => {
      assertWindowOpen(deps, window);
      return carryOut(bounded, step);
    },
  });
}

async function maxParallelOf({ deps, ownership }: Stepping): Promise<number> {
  const { organizationUuid, migrationUuid } = ownership.current.run;
  const { options } = await deps.journal.reader(organizationUuid).migration(migrationUuid);
  return options.max_parallel ?? deps.settings.maxParallel;
}

/** Behind the commit there is no way back to where a run waits without a worker. */
async function doAllInWindows(stepping: Stepping): Promise<void> {
  const { deps, ownership, stop } = stepping;
  for (;;) {
    try {
      return await doAll(stepping, 'after');
    } catch (error) {
      if (!(error instanceof HeldBack)) throw error;
      await deps.journal.noteWaiting(ownership.current, { reason: error.reason });
      await pauseUnless(deps, AbortSignal.any([stop, ownership.signal]), error.delayMs);
      if (stop.aborted || ownership.signal.aborted) throw new Interrupted(WORKER_STOPS);
    }
  }
}

async function takeBack(stepping: Stepping): Promise<void> {
  const { deps, ownership } = stepping;
  const begun = (await stepsOf(stepping)).filter(isLeftToUndo);
  try {
    await takeSideBySide(stepping, begun.toReversed(), {
      maxParallel: await maxParallelOf(stepping),
      isCutShort: false,
      take: compensate,
    });
  } catch (error) {
    if (!(error instanceof StepsFailed)) throw error;
    return leaveToAPerson(stepping, error, false);
  }
  const { run } = ownership.current;
  const end = await deps.journal.finishCompensation(ownership.current);
  const code = run.error === null ? {} : { code: run.error.code };
  deps.telemetry.runFinished(run.kind, end, { run: run.uuid, migration: run.migrationId, ...code });
}

async function leaveToAPerson({ deps, ownership }: Stepping, failed: StepsFailed, decided: boolean): Promise<void> {
  const { run } = ownership.current;
  const evidence: Evidence = { decided, databases: [], steps: failed.all.map(doubtOf) };
  await deps.journal.markStepInDoubt(ownership.current, evidence);
  deps.telemetry.runInDoubt({ run: run.uuid, migration: run.migrationId, ...evidence });
}

function doubtOf({ step, error }: StepFailed): DoubtfulStep {
  const { number, apiId, template, database, attempts } = step;
  const endpointId = error instanceof EdenError ? error.context['endpoint_id'] : undefined;
  return {
    ...{ number, api_id: apiId, template, database: database.name, attempts },
    endpoint_id: typeof endpointId === 'string' ? endpointId : '',
    details: wordsOf(error),
  };
}

/** The guide's body of a failed migration. */
function failureOf({ all }: StepsFailed): StoredError {
  const failed = [...new Set(all.map(({ step }) => step.api))];
  const details = 'A step outside the transaction failed';
  const context = { failed_apis: failed, details, errors: all.map(describeFailure) };
  return toStoredError(new EdenError('MIGRATION_EXECUTION_FAILED', context));
}

function describeFailure({ step, error }: StepFailed): Record<string, unknown> {
  const { code, error: sentence, context } = toStoredError(error);
  const { api, apiId: api_id, binding, template } = step;
  return { api, api_id, binding, template, error: sentence, code, ...context };
}

function reasonOf({ step: { apiId, template }, error }: StepFailed): string {
  return `${apiId}, ${template}: ${wordsOf(error)}`;
}
