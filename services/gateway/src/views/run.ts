import type { Run, RunApi, RunBinding, RunEvent, RunState, StoredError } from '@eden/domain';
import type { z } from 'zod';
import type { runEventSchema } from '../schemas/run-event.js';
import type { WIRE_RUN_STATES, runSchema, runSummarySchema } from '../schemas/run.js';

export type RunView = z.output<typeof runSchema>;
type RunSummaryView = z.output<typeof runSummarySchema>;
type RunApiView = RunView['apis'][number];

/** `deciding` is a run whose participants are prepared (all but the last resource). */
const WIRE_STATES: Readonly<Record<RunState, (typeof WIRE_RUN_STATES)[number]>> = {
  queued: 'queued',
  waiting_for_lock: 'waiting_for_lock',
  running: 'running',
  deciding: 'prepared',
  committing: 'committing',
  succeeded: 'succeeded',
  aborting: 'aborting',
  failed: 'failed',
  cancelled: 'cancelled',
  in_doubt: 'in_doubt',
};

function viewError({ error, context, code }: StoredError): NonNullable<RunView['error']> {
  return { ...context, error, code };
}

function withError(error: StoredError | null): { error?: NonNullable<RunView['error']> } {
  return error === null ? {} : { error: viewError(error) };
}

function viewBinding(binding: RunBinding): RunApiView['bindings'][number] {
  return {
    template: binding.template,
    template_id: binding.template === null ? null : binding.templateId,
    ...binding.file,
    state: binding.state,
    attempts: binding.attempts,
    rows: binding.rows,
    // Runs of earlier versions have none of these.
    progress: { done: binding.rows, estimated: binding.estimatedRows ?? null, unit: 'rows' },
    started_at: binding.startedAt ?? null,
    finished_at: binding.finishedAt ?? null,
    execution_time_ms: binding.executionTimeMs,
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
  };
}

export function viewRun(run: Run, apis: readonly RunApi[]): RunView {
  return { ...viewRunSummary(run), progress: progressOf(apis), apis: apis.map(viewApi) };
}

export function viewRunEvent({ at, ...event }: RunEvent): z.output<typeof runEventSchema> {
  return { ...event, at: at.toISOString() } as z.output<typeof runEventSchema>;
}
