import type { JsonObject, Uuid } from '@eden/domain';
import { collectOutputs } from '@eden/work';
import type { BlockedReport } from '../control/blockers.js';
import type { EngineDeps } from '../deps.js';
import type { BindingScope } from './execute-binding.js';
import { executeBinding } from './execute-binding.js';
import { ExecutionFailed, isBesideTheWork } from '../control/failure.js';
import type { MigrationWork, WorkApi, WorkBinding } from '@eden/work';
import type { RunValues } from '../plan/migration-values.js';
import type { Ownership } from '../control/ownership.js';
import { settleAll } from '../control/pacing.js';
import type { Participant } from './participants.js';
import { closeAll } from './participants.js';
import type { Progress } from './progress.js';
import type { Stage } from '../plan/stages.js';
import { groupByDatabase, stagesOf } from '../plan/stages.js';

/** What the bindings of one attempt run in. */
export interface Execution {
  readonly deps: EngineDeps;
  readonly ownership: Ownership;
  readonly participants: readonly Participant[];
  /** Endpoint uuid → key of the database behind it. */
  readonly databaseOf: ReadonlyMap<Uuid, string>;
  readonly values: RunValues;
  readonly progress: Progress;
  readonly maxParallel: number;
  /** Of the migration. */
  readonly lockTimeoutMs: number;
  readonly reportBlocked: BlockedReport;
}

/**
 * Runs every binding: stages in order, the APIs of one stage in parallel, except that those meeting the same database
 * run one after the other. The first failure closes all sessions, so that nobody works on for nothing.
 * @throws ExecutionFailed
 */
export async function executeStages(execution: Execution, work: MigrationWork): Promise<void> {
  let outputs: JsonObject = {};
  for (const stage of stagesOf(work)) {
    const startedAt = performance.now();
    outputs = await executeStage(execution, stage, outputs);
    execution.deps.telemetry.stageExecuted(stage.stage, performance.now() - startedAt);
  }
}

async function executeStage(execution: Execution, { apis }: Stage, earlier: JsonObject): Promise<JsonObject> {
  const groups = groupByDatabase(apis, execution.databaseOf);
  const stop = new AbortController();
  const results = await settleAll(
    groups,
    (group) => stoppingOthers(execution, stop, executeGroup(execution, group, earlier, stop.signal)),
    execution.maxParallel,
  );
  stop.signal.throwIfAborted();
  return Object.assign({}, earlier, ...results.map(valueOf)) as JsonObject;
}

/**
 * The first thing that goes wrong, in a binding or beside them (the control database is away), is the cause: it closes
 * all sessions, and what fails after it fails because of that.
 */
async function stoppingOthers<T>({ participants }: Execution, stop: AbortController, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    stop.abort(error);
    await closeAll(participants);
    throw error;
  }
}

/** Runs APIs one after the other; answers what they gave, without what had been given before. */
async function executeGroup(
  execution: Execution,
  group: readonly WorkApi[],
  earlier: JsonObject,
  stop: AbortSignal,
): Promise<JsonObject> {
  let own: JsonObject = {};
  for (const api of group) {
    if (stop.aborted) return own;
    own = { ...own, ...(await executeApi(execution, api, { ...earlier, ...own })) };
  }
  return own;
}

/** Runs one API's bindings in order; answers the outputs they gave. @throws ExecutionFailed, and what `isBesideTheWork` */
async function executeApi(execution: Execution, api: WorkApi, earlier: JsonObject): Promise<JsonObject> {
  const { deps, ownership, progress } = execution;
  const { uuid } = api.member.api;
  let own: JsonObject = {};
  progress.set(uuid, 'running');
  for (const binding of api.bindings) {
    try {
      own = { ...own, ...(await executeOne(execution, api, binding, { ...earlier, ...own })) };
    } catch (error) {
      throw isBesideTheWork(error) ? error : new ExecutionFailed([{ api, binding, error }]);
    }
  }
  await deps.journal.recordApi(ownership.current, progress.set(uuid, 'succeeded'));
  return own;
}

async function executeOne(
  execution: Execution,
  api: WorkApi,
  binding: WorkBinding,
  outputs: JsonObject,
): Promise<JsonObject> {
  const { system, overrides, parameters } = execution.values;
  const scope: BindingScope = {
    session: sessionOf(execution, binding),
    sources: [system, outputs, overrides, parameters],
    record: (change) => {
      execution.progress.setBinding(api.member.api.uuid, binding.index, change);
    },
    lockTimeoutMs: execution.lockTimeoutMs,
    reportBlocked: execution.reportBlocked,
  };
  const result = await executeBinding(execution.deps, binding, scope);
  return collectOutputs(binding.settings.outputs, result);
}

function sessionOf({ participants, databaseOf }: Execution, { endpoint }: WorkBinding): Participant['session'] {
  const participant = participants.find(({ key }) => key === databaseOf.get(endpoint.uuid));
  if (participant === undefined) throw new TypeError('a binding without a participant');
  return participant.session;
}

function valueOf(result: PromiseSettledResult<JsonObject>): JsonObject {
  if (result.status === 'rejected') throw result.reason;
  return result.value;
}
