import { EdenError, isEdenError, NothingDone, toStoredError } from '@eden/domain';
import type { Endpoint, JsonObject, OutsideSession, OutsideStep, OutsideStepState, StoredError } from '@eden/domain';
import { checkExpectation, collectOutputs } from '@eden/work';
import { blockedOf, reportBlocked } from '../control/blockers.js';
import { Interrupted, isLost, WORKER_STOPS, wordsOf } from '../control/failure.js';
import { HeldBack } from '../control/maintenance.js';
import { backoffMs, pauseUnless } from '../control/pacing.js';
import type { EngineDeps } from '../deps.js';
import { withSettlement } from '../participants/settlement.js';
import { stepClassOf } from './classes.js';
import type { StepAttempt } from './step-class.js';
import { EpochBehind, StepFailed, type Stepping } from './stepping.js';

/** Tries at a step whose target answers. One that is away is waited for, except before the atomic part. */
const MOST_TRIES = 3;

/** What is done with a step: it is carried out, or taken back. */
interface Goal {
  readonly underWay: OutsideStepState;
  /** Other errors than those that say so may pass as well: there is no way back. */
  readonly isPatient: boolean;
  /** A target that is away is waited for. */
  readonly waitsForTarget: boolean;
  run(session: OutsideSession, attempt: StepAttempt): Promise<Reached>;
}

/** What has become of a step, and what it gives. */
interface Reached {
  readonly state: OutsideStepState;
  readonly outputs?: JsonObject;
}

/** @throws StepFailed, HeldBack, EpochBehind; Interrupted when nothing more is to be done; EdenError FENCED when somebody else has the run */
export function carryOut(stepping: Stepping, step: OutsideStep): Promise<void> {
  const { waitsForTarget, ...steps } = stepClassOf(step);
  const run: Goal['run'] = async (session, attempt) => {
    await stepping.deps.crashPoints.reach('before-step', step.number);
    const answer = await steps.carryOut(session, attempt);
    await stepping.deps.crashPoints.reach('after-step', step.number);
    if (!answer) return { state: 'done' };
    checkExpectation(step.work.expect, answer);
    return { state: 'done', outputs: collectOutputs(step.work.outputs, { ...answer, batches: 0 }) };
  };
  const isPatient = step.phase === 'after';
  return tryStep(stepping, step, { underWay: 'running', isPatient, waitsForTarget: isPatient || waitsForTarget, run });
}

/** @throws as `carryOut` */
export function compensate(stepping: Stepping, step: OutsideStep): Promise<void> {
  const run: Goal['run'] = async (session, attempt) => {
    await stepping.deps.crashPoints.reach('before-compensation', step.number);
    const state = await stepClassOf(step).compensate(session, attempt);
    await stepping.deps.crashPoints.reach('after-compensation', step.number);
    return { state };
  };
  return tryStep(stepping, step, { underWay: 'undoing', isPatient: true, waitsForTarget: true, run });
}

async function tryStep(stepping: Stepping, step: OutsideStep, goal: Goal): Promise<void> {
  const { deps, ownership, stop } = stepping;
  const endpoint = await endpointOf(deps, step, ownership.current.run.organizationUuid);
  let failures = failuresOf(step, goal);
  let attempts = step.attempts;
  let mayBeDone = step.mayBeDone;
  const record = (reached: Reached, counted: number, error: StoredError | null = null): Promise<void> => {
    const { state, outputs = {} } = reached;
    // Of a try that is under way nobody knows: whoever takes the run over takes it for done.
    const may = mayBeDone || state !== 'failed';
    const change = { state, attempts, failures: counted, error, endpointId: endpoint.id, mayBeDone: may, outputs };
    return deps.journal.recordStep(ownership.current, step.number, change);
  };
  const progressed = (): void => void (failures = 0);
  const giveUp = async (error: unknown): Promise<never> => {
    await record({ state: 'failed' }, failures, toStoredError(error));
    throw new StepFailed({ ...step, attempts }, error);
  };
  if (failures >= deps.settings.maxAttempts) {
    await giveUp(new EdenError('MIGRATION_EXECUTION_FAILED', { details: ENDS_ITS_WORKERS }));
  }
  for (;;) {
    attempts += 1;
    // As if it had failed: whoever dies of it counts no more.
    await record({ state: goal.underWay }, failures + 1);
    try {
      return await record(await runOnce({ stepping, step, progressed }, endpoint, goal), failures);
    } catch (error) {
      await assertNewest(stepping, step, error, () => record({ state: goal.underWay }, failures));
      mayBeDone ||= !(error instanceof NothingDone);
      await assertGoingOn(stepping, error, () => record({ state: goal.underWay }, failures));
      const isWaited = isWaitedFor(goal, error);
      failures += isWaited ? 0 : 1;
      if (isSpent(goal, failures, error)) await giveUp(error);
      await noteTry(stepping, endpoint, error);
      await pauseUnless(deps, stop, backoffMs(deps, isWaited ? AWAY_BACKOFF : failures));
    }
  }
}

const ENDS_ITS_WORKERS =
  'Each of its tries has failed or ended its worker, one after the other: look whether it is the step that ends them';

/** What whoever had the run before has counted; a step that a person has had tried again, or that goes the other way, begins anew. */
function failuresOf({ state, failures }: OutsideStep, { underWay }: Goal): number {
  return state === underWay ? failures : 0;
}

/** @param uncount as of `assertGoingOn`. @throws EpochBehind where the target has seen a newer epoch than the run's */
async function assertNewest(
  { ownership }: Stepping,
  step: OutsideStep,
  error: unknown,
  uncount: () => Promise<void>,
): Promise<void> {
  const seen = isEdenError(error, 'FENCED') ? Number(error.context['newer_epoch']) : NaN;
  if (!Number.isSafeInteger(seen) || ownership.signal.aborted) return;
  await uncount();
  throw new EpochBehind(step, seen, error);
}

/** As after so many tries. */
const AWAY_BACKOFF = 5;

/** @param uncount The try was not the step's fault. @throws Interrupted; EdenError FENCED */
async function assertGoingOn(
  { ownership, stop }: Stepping,
  error: unknown,
  uncount: () => Promise<void>,
): Promise<void> {
  const { run } = ownership.current;
  if (ownership.signal.aborted || isLost(error)) {
    throw new EdenError('FENCED', { run_uuid: run.uuid, epoch: run.epoch }, { cause: error });
  }
  if (error instanceof HeldBack) {
    await uncount();
    throw error;
  }
  if (!stop.aborted) return;
  await uncount();
  throw new Interrupted(WORKER_STOPS);
}

function isAway(error: unknown): boolean {
  return isEdenError(error, 'ENDPOINT_UNAVAILABLE') || isEdenError(error, 'ENDPOINT_NOT_ALLOWED');
}

function isWaitedFor({ waitsForTarget }: Goal, error: unknown): boolean {
  return waitsForTarget && isAway(error);
}

function isSpent(goal: Goal, failed: number, error: unknown): boolean {
  if (isWaitedFor(goal, error)) return false;
  return failed >= MOST_TRIES || !(goal.isPatient || mayPass(error));
}

function mayPass(error: unknown): boolean {
  return isEdenError(error) && error.retryable;
}

/** For whoever looks on. */
async function noteTry({ deps, ownership }: Stepping, endpoint: Endpoint, error: unknown): Promise<void> {
  const reason = `tries a step again at ${endpoint.id}: ${wordsOf(error)}`;
  deps.telemetry.log.warn('step outside the transaction failed', { run: ownership.current.run.uuid, reason });
  if (isEdenError(error) && error.retryable) reportBlocked(deps, ownership)(blockedOf(error.context));
  await deps.journal.noteWaiting(ownership.current, { reason, endpoint_id: endpoint.id });
}

/** On a session of its own, which ends with the process's part in the run. */
async function runOnce(attempt: StepAttempt, endpoint: Endpoint, goal: Goal): Promise<Reached> {
  const { step } = attempt;
  const { deps, ownership, cut } = attempt.stepping;
  await assertSameDatabase(deps, endpoint, step);
  const { uuid: runUuid, migrationUuid, epoch } = ownership.current.run;
  const { number, api: apiUuid, work } = step;
  const onBlocked = reportBlocked(deps, ownership);
  const spec = { runUuid, migrationUuid, apiUuid, epoch, number, work, onBlocked };
  const session = await deps.targets.adapter(endpoint.kind).openOutside(endpoint, spec);
  const end = AbortSignal.any([cut, ownership.signal]);
  const letGo = (): void => void session.close();
  end.addEventListener('abort', letGo);
  try {
    if (end.aborted) throw new Interrupted(WORKER_STOPS);
    return await goal.run(session, attempt);
  } finally {
    end.removeEventListener('abort', letGo);
    await session.close();
  }
}

/** The endpoint may lead elsewhere by now; then it has to lead back first. */
async function assertSameDatabase(deps: EngineDeps, endpoint: Endpoint, { database }: OutsideStep): Promise<void> {
  const found = await withSettlement(deps, endpoint, (settlement) => settlement.whereIs(database));
  if (found !== 'elsewhere') return;
  const details = `The endpoint no longer leads to the database "${database.name}" of the run`;
  throw new EdenError('ENDPOINT_UNAVAILABLE', { endpoint_id: endpoint.id, details });
}

async function endpointOf(
  { journal }: EngineDeps,
  { endpointUuid }: OutsideStep,
  organization: Parameters<EngineDeps['journal']['reader']>[0],
): Promise<Endpoint> {
  const endpoint = (await journal.reader(organization).endpointsByUuid([endpointUuid])).get(endpointUuid);
  if (endpoint === undefined) throw new EdenError('ENDPOINT_NOT_FOUND', { endpoint_id: endpointUuid });
  return endpoint;
}
