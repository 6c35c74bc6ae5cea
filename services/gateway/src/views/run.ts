import { attemptsOf, hasLevel, levelOn, phasesOf, traceIdOf } from '@eden/domain';
import type {
  BatchProgress,
  BindingAttempt,
  OrganizationReader,
  OutsideStep,
  Run,
  RunApi,
  RunAttempt,
  RunBinding,
  RunDatabase,
  RunEvent,
  RunHistory,
  RunState,
  StoredError,
  Subject,
  Uuid,
} from '@eden/domain';
import type { z } from 'zod';
import type { runEventSchema } from '../schemas/run-event.js';
import { actionsOnRun } from './actions.js';
import type { WIRE_RUN_STATES, listedRunSchema, runSchema, runSummarySchema } from '../schemas/run.js';

export type RunView = z.output<typeof runSchema>;
type RunSummaryView = z.output<typeof runSummarySchema>;
type ListedRunView = z.output<typeof listedRunSchema>;
type RunApiView = RunView['apis'][number];
type RunBindingView = RunApiView['bindings'][number];

/** `deciding` is a run whose participants are prepared (all but the last resource); the steps of a run stand apart. */
const WIRE_STATES: Readonly<Record<RunState, (typeof WIRE_RUN_STATES)[number]>> = {
  queued: 'queued',
  waiting_for_lock: 'waiting_for_lock',
  stepping: 'running',
  paused: 'paused',
  running: 'running',
  deciding: 'prepared',
  committing: 'committing',
  finishing: 'committing',
  succeeded: 'succeeded',
  aborting: 'aborting',
  compensating: 'compensating',
  failed: 'failed',
  cancelled: 'cancelled',
  in_doubt: 'in_doubt',
};

export function wireStateOf(state: RunState): (typeof WIRE_RUN_STATES)[number] {
  return WIRE_STATES[state];
}

function viewError({ error, context, code }: StoredError): NonNullable<RunView['error']> {
  return { ...context, error, code };
}

function withTrace({ traceparent }: Run): { trace_id?: string } {
  const trace = traceIdOf(traceparent);
  return trace === null ? {} : { trace_id: trace };
}

function withError(error: StoredError | null): { error?: NonNullable<RunView['error']> } {
  return error === null ? {} : { error: viewError(error) };
}

function viewFailedTry({ startedAt, finishedAt, error }: BindingAttempt): RunBindingView['attempt_history'][number] {
  return { started_at: startedAt, finished_at: finishedAt, error: viewError(error) };
}

function viewBinding(binding: RunBinding): RunBindingView {
  return {
    template: binding.template,
    template_id: binding.template === null ? null : binding.templateId,
    ...binding.file,
    endpoint: binding.endpoint?.uuid ?? null,
    endpoint_id: binding.endpoint?.id ?? null,
    state: binding.state,
    attempts: binding.attempts,
    rows: binding.rows,
    // Runs of earlier versions have none of these.
    progress: { done: binding.rows, estimated: binding.estimatedRows ?? null, unit: 'rows' },
    started_at: binding.startedAt ?? null,
    finished_at: binding.finishedAt ?? null,
    execution_time_ms: binding.executionTimeMs,
    attempt_history: (binding.failedTries ?? []).map(viewFailedTry),
    ...withError(binding.error),
  };
}

function viewApi(api: RunApi): RunApiView {
  return {
    api: api.api,
    api_id: api.apiId,
    stage: api.stage,
    state: api.state,
    class: api.class,
    bindings: api.bindings.map(viewBinding),
  };
}

/** The bindings that are through: what was rolled back or has failed is not. */
function progressOf(apis: readonly RunApi[]): RunView['progress'] {
  const bindings = apis.flatMap((api) => api.bindings);
  const done = bindings.filter(({ state }) => state === 'succeeded').length;
  return { done, estimated: bindings.length, unit: 'bindings' };
}

/** As lists show it. */
export async function viewListedRuns(
  reader: OrganizationReader,
  subject: Subject,
  runs: readonly Run[],
): Promise<ListedRunView[]> {
  const progress = await reader.runProgress(runs);
  return runs.map((run) => {
    const { done, bindings } = progress.get(run.uuid) ?? { done: 0, bindings: 0 };
    const shown = {
      progress: { done, estimated: bindings, unit: 'bindings' as const },
      actions: actionsOnRun(subject, run),
    };
    return { ...viewRunSummary(run), ...shown };
  });
}

/** The states of a run that a client sees as this one. */
export function statesSeenAs(wire: (typeof WIRE_RUN_STATES)[number]): RunState[] {
  const states = Object.entries(WIRE_STATES) as [RunState, typeof wire][];
  return states.filter(([, seen]) => seen === wire).map(([state]) => state);
}

/** Without how far it has got. */
export function viewRunSummary(run: Run): RunSummaryView {
  return {
    uuid: run.uuid,
    migration: run.migrationUuid,
    migration_id: run.migrationId,
    kind: run.kind,
    state: WIRE_STATES[run.state],
    epoch: run.epoch,
    actor: run.actor,
    attempt: run.attempt,
    created_at: run.createdAt.toISOString(),
    started_at: run.startedAt?.toISOString() ?? null,
    finished_at: run.finishedAt?.toISOString() ?? null,
    lock_wait_ms: run.lockWaitMs,
    parallel_execution_ms: run.parallelExecutionMs,
    ...withError(run.error),
    ...(run.reason === null ? {} : { reason: run.reason }),
    ...(run.cancelledBy === null ? {} : { cancelled_by: run.cancelledBy }),
    ...withTrace(run),
  };
}

const MOVING: readonly RunState[] = ['stepping', 'finishing'];

/** Of what stands still nobody tells how fast it goes. */
function viewPace({ rowsPerSecond, endsAt, throttle }: BatchProgress, isMoving: boolean) {
  return isMoving
    ? { rows_per_second: rowsPerSecond, ends_at: endsAt, throttle }
    : { rows_per_second: null, ends_at: null, throttle: null };
}

function viewBatches(
  { state, progress }: OutsideStep,
  run: Run,
): Pick<NonNullable<RunView['steps']>[number], 'batches'> {
  if (progress === null) return {};
  const { rows, estimatedRows, batches, batchSize } = progress;
  const done = { progress: { done: rows, estimated: estimatedRows, unit: 'rows' as const }, batches };
  const isMoving = state === 'running' && MOVING.includes(run.state);
  return { batches: { ...done, batch_size: batchSize, ...viewPace(progress, isMoving) } };
}

/** All databases together: the rows of all, and the pace of those that are at it. */
function viewBackfill(steps: readonly OutsideStep[], run: Run): Pick<RunView, 'backfill'> {
  const batched = steps.filter((step) => step.class === 'batched');
  if (batched.length === 0) return {};
  const paces = batched.flatMap((step) => viewBatches(step, run).batches ?? []);
  const estimates = batched.map(({ progress, work }) => progress?.estimatedRows ?? work.batch?.estimatedRows ?? null);
  const known = estimates.filter((rows) => rows !== null);
  const rates = paces.flatMap(({ rows_per_second: rate }) => rate ?? []);
  const ends = paces.flatMap(({ ends_at: end }) => end ?? []).sort();
  const isLast = batched.filter(({ state }) => state !== 'done').length <= paces.length;
  return {
    backfill: {
      progress: {
        done: sum(paces.map(({ progress }) => progress.done)),
        estimated: known.length < estimates.length ? null : sum(known),
        unit: 'rows',
      },
      rows_per_second: rates.length === 0 ? null : sum(rates),
      // Of one that has not begun nobody knows.
      ends_at: isLast ? (ends.at(-1) ?? null) : null,
      throttle: paces.find(({ throttle }) => throttle !== null)?.throttle ?? null,
    },
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

function viewStep(step: OutsideStep, run: Run): NonNullable<RunView['steps']>[number] {
  const { number, phase, api, binding, template, database, state, attempts, error } = step;
  return {
    ...{ number, phase, class: step.class, api, api_id: step.apiId, binding, template, database: database.name },
    ...{ state, attempts },
    ...viewBatches(step, run),
    started_at: step.startedAt?.toISOString() ?? null,
    finished_at: step.finishedAt?.toISOString() ?? null,
    ...withError(error),
  };
}

function viewDatabase(history: RunHistory, database: RunDatabase): RunView['databases'][number] {
  const phases = phasesOf(history, database).map(({ phase, startedAt, finishedAt }) => ({
    phase,
    started_at: startedAt.toISOString(),
    finished_at: finishedAt?.toISOString() ?? null,
  }));
  return { name: database.name, endpoint: database.endpointUuid, endpoint_id: database.endpoint, phases };
}

function viewAttempt({ startedAt, finishedAt, ...attempt }: RunAttempt): RunView['attempt_history'][number] {
  return { ...attempt, started_at: startedAt.toISOString(), finished_at: finishedAt?.toISOString() ?? null };
}

/** A run, whole but for the APIs that a grant keeps from the subject. */
export async function viewRun(reader: OrganizationReader, subject: Subject, run: Run): Promise<RunView> {
  const isReadable = ({ api }: { readonly api: Uuid }): boolean => hasLevel(levelOn(subject, api), 'Read');
  const [apis, history, allSteps] = await Promise.all([
    reader.runApis(run.uuid),
    reader.runHistory(run.uuid),
    reader.outsideSteps(run.uuid),
  ]);
  const steps = allSteps.filter(isReadable);
  return {
    ...viewRunSummary(run),
    progress: progressOf(apis),
    actions: actionsOnRun(subject, run),
    databases: history.databases.map((database) => viewDatabase(history, database)),
    attempt_history: attemptsOf(history).map(viewAttempt),
    apis: apis.filter(isReadable).map(viewApi),
    ...viewBackfill(steps, run),
    ...(run.tuning === null ? {} : { tuning: run.tuning }),
    ...(steps.length === 0 ? {} : { steps: steps.map((step) => viewStep(step, run)) }),
  };
}

export function viewRunEvent({ at, ...event }: RunEvent): z.output<typeof runEventSchema> {
  return { ...event, at: at.toISOString() } as z.output<typeof runEventSchema>;
}
