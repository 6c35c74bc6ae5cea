import type { JsonObject, NoticePlace, Uuid } from '@eden/domain';
import { isEdenError } from '@eden/domain';
import type { Stage, WorkApi, WorkBinding } from '@eden/work';
import { collectOutputs, databaseKeys, groupByDatabase, lockTimeoutOf, stagesOf } from '@eden/work';
import type { ApiFailure } from '../control/failure.js';
import { ExecutionFailed, isServiceTrouble } from '../control/failure.js';
import { settleAll } from '../control/pacing.js';
import type { OpenParticipant } from '../participants/participant.js';
import { closeAll } from '../participants/participant.js';
import type { RunValues } from '../plan/migration-values.js';
import { systemValues } from '../plan/migration-values.js';
import type { Attempt } from './attempt.js';
import { executeBinding } from './execute-binding.js';
import { SentAhead, type Upcoming } from './sent-ahead.js';
import { openHistory, runFile } from './sources/run-source.js';

/** What the bindings of one attempt run in. */
interface Stages {
  readonly attempt: Attempt;
  readonly participants: readonly OpenParticipant[];
  /** Endpoint uuid → key of the database behind it. */
  readonly databaseOf: ReadonlyMap<Uuid, string>;
  readonly values: RunValues;
}

/** The same of one group, whose APIs run one after the other. */
interface GroupStages extends Stages {
  readonly ahead: SentAhead;
}

/**
 * Runs every binding: stages in order, the APIs of one stage in parallel, except that those meeting the same database
 * run one after the other. The first failure closes all sessions, so that nobody works on for nothing.
 * @throws ExecutionFailed
 */
export async function executeStages(attempt: Attempt, participants: readonly OpenParticipant[]): Promise<void> {
  const { deps, work, reports } = attempt;
  const stages: Stages = { attempt, participants, databaseOf: databaseKeys(reports), values: valuesOf(attempt) };
  let outputs = await outputsOfSteps(attempt);
  for (const stage of stagesOf(work)) {
    const startedAt = deps.clock.elapsedMs();
    outputs = await executeStage(stages, stage, outputs);
    deps.telemetry.stageExecuted(stage.stage, deps.clock.elapsedMs() - startedAt);
  }
  // What is said from here on, deferred triggers say.
  attempt.places.clear();
  await deps.crashPoints.reach('after-bindings');
}

/** What the steps before the atomic part have given, in their order. */
async function outputsOfSteps({ deps, ownership, plan }: Attempt): Promise<JsonObject> {
  const hasSteps = plan.apis.some(({ bindings }) => bindings.some(({ outside }) => outside !== undefined));
  if (!hasSteps) return {};
  const { uuid, organizationUuid } = ownership.current.run;
  const steps = await deps.journal.reader(organizationUuid).outsideSteps(uuid);
  return Object.assign({}, ...steps.map(({ outputs }) => outputs)) as JsonObject;
}

function valuesOf({ deps, ownership, work }: Attempt): RunValues {
  const { run } = ownership.current;
  return {
    system: systemValues(work, run, run.startedAt ?? deps.clock.now()),
    overrides: run.overrides,
    parameters: work.migration.parameters,
  };
}

async function executeStage(stages: Stages, { apis }: Stage, earlier: JsonObject): Promise<JsonObject> {
  const { deps, work } = stages.attempt;
  const groups = groupByDatabase(apis, stages.databaseOf);
  const stop = new AbortController();
  const results = await settleAll(
    groups,
    (group) => stoppingOthers(stages, stop, runGroup(stages, group, earlier, stop.signal)),
    work.migration.options.max_parallel ?? deps.settings.maxParallel,
  );
  stop.signal.throwIfAborted();
  return Object.assign({}, earlier, ...results.map(valueOf)) as JsonObject;
}

/**
 * The first thing that goes wrong, in a binding or beside them (the control database is away), is the cause: it closes
 * all sessions, and what fails after it fails because of that.
 */
async function stoppingOthers<T>({ participants }: Stages, stop: AbortController, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    stop.abort(error);
    // A target that is silent is not waited for: whoever aborts does, for as long as that is worth it.
    void closeAll(participants);
    throw error;
  }
}

/** Runs APIs one after the other; answers what they gave, without what had been given before. */
async function runGroup(
  stages: Stages,
  group: readonly WorkApi[],
  earlier: JsonObject,
  stop: AbortSignal,
): Promise<JsonObject> {
  let own: JsonObject = {};
  const ahead = aheadOf(stages, group);
  for (const api of group) {
    if (stop.aborted) return own;
    own = { ...own, ...(await runApi({ ...stages, ahead }, api, { ...earlier, ...own })) };
  }
  return own;
}

function aheadOf(stages: Stages, group: readonly WorkApi[]): SentAhead {
  const { deps, places } = stages.attempt;
  const upcoming = group.flatMap((api): readonly (Upcoming | null)[] => {
    // Files come before bindings.
    const bindings = insideOf(stages, api).map((binding) => upcomingOf(stages, api, binding));
    return api.source === null ? bindings : [null, ...bindings];
  });
  return new SentAhead(deps, upcoming, ({ participant, place }) => places.set(participant, place));
}

function upcomingOf(stages: Stages, api: WorkApi, binding: WorkBinding): Upcoming {
  const { session, row } = participantOf(stages, binding);
  return { binding, session, participant: row.number, place: placeOf(api, binding) };
}

/** Runs one API's bindings in order; answers the outputs they gave. @throws ExecutionFailed, and what `isServiceTrouble` */
async function runApi(stages: GroupStages, api: WorkApi, earlier: JsonObject): Promise<JsonObject> {
  const { progress, recorder } = stages.attempt;
  const { uuid } = api.member.api;
  let own: JsonObject = {};
  progress.set(uuid, 'running');
  await runSource(stages, api);
  for (const binding of insideOf(stages, api)) {
    try {
      own = { ...own, ...(await runBinding(stages, api, binding, { ...earlier, ...own })) };
    } catch (error) {
      throw isServiceTrouble(error) ? error : new ExecutionFailed([{ api, binding, error }]);
    }
  }
  progress.set(uuid, 'succeeded');
  recorder.note(uuid);
  return own;
}

/** Without those that run outside the transaction. */
function insideOf({ attempt: { plan } }: Stages, { member, bindings }: WorkApi): readonly WorkBinding[] {
  const planned = plan.apis.find(({ api }) => api === member.api.uuid)?.bindings ?? [];
  return bindings.filter(({ index }) => planned[index]?.outside === undefined);
}

/** The files of a source in their order. @throws ExecutionFailed, and what `isServiceTrouble` */
async function runSource(stages: Stages, api: WorkApi): Promise<void> {
  const { attempt } = stages;
  const prepared = attempt.sources.find((source) => source.api === api);
  const entered = attempt.entered.get(api.member.api.uuid);
  if (prepared === undefined || entered === undefined) return;
  const { session, row } = participantOf(stages, prepared);
  const scope = { attempt, prepared, entered, session };
  const place = { endpoint_id: prepared.endpoint.id, api: api.member.api.uuid, api_id: api.member.api.id };
  await blaming({ api }, openHistory(scope));
  for (const [index, { migration, binding }] of entered.steps.entries()) {
    attempt.places.set(row.number, { ...place, binding });
    await blaming({ api, binding: { index: binding, template: null, file: migration.file } }, runFile(scope, index));
  }
}

/** A history that is not what it was is the source's, not of one file: its error stays as it is. */
async function blaming(failure: Omit<ApiFailure, 'error'>, work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (isServiceTrouble(error) || isEdenError(error, 'SOURCE_CHANGED')) throw error;
    throw new ExecutionFailed([{ ...failure, error }]);
  }
}

async function runBinding(
  stages: GroupStages,
  api: WorkApi,
  binding: WorkBinding,
  outputs: JsonObject,
): Promise<JsonObject> {
  const { deps, work, progress, recorder, reportBlocked, places } = stages.attempt;
  const { system, overrides, parameters } = stages.values;
  const { session, row } = participantOf(stages, binding);
  const sources = [system, outputs, overrides, parameters];
  const sent = await stages.ahead.take(binding, sources);
  // Of what was sent ahead, the database says where it is.
  if (sent === null) places.set(row.number, placeOf(api, binding));
  const result = await executeBinding(deps, binding, {
    session,
    sources,
    sent,
    record: (change) => {
      progress.setBinding(api.member.api.uuid, binding.index, change);
      recorder.note(api.member.api.uuid);
    },
    lockTimeoutMs: lockTimeoutOf(work.migration, deps.settings.lockTimeoutMs),
    reportBlocked,
  });
  return collectOutputs(binding.settings.outputs, result);
}

function placeOf({ member: { api } }: WorkApi, { index, template, endpoint }: WorkBinding): NoticePlace {
  return { endpoint_id: endpoint.id, api: api.uuid, api_id: api.id, binding: index, template: template.id };
}

function participantOf(
  { participants, databaseOf }: Stages,
  { endpoint }: Pick<WorkBinding, 'endpoint'>,
): OpenParticipant {
  const key = databaseOf.get(endpoint.uuid);
  const participant = participants.find(({ row }) => row.database.key === key);
  if (participant === undefined) throw new TypeError('a binding without a participant');
  return participant;
}

function valueOf(result: PromiseSettledResult<JsonObject>): JsonObject {
  if (result.status === 'rejected') throw result.reason;
  return result.value;
}
