import type { BatchProgress } from './backfill.js';
import type { StoredError } from './errors.js';
import type { JsonObject } from './json.js';
import type { Uuid } from './ids.js';
import type { AtomicityClass, DatabaseIdentity } from './plan.js';
import type { OutsideWork } from './ports/targets.js';
import type { StepState } from './run.js';
import type { OutsideStepState, StepPhase } from './step-phase.js';

/** What a step outside the transaction can be. `batched`: its batches commit one by one; taken back where it has a rollback. */
export type OutsideClass = Extract<AtomicityClass, 'compensable' | 'irreversible'> | 'batched';

/** A step outside the transaction as it is written down before the first try: whoever goes on has nothing else. */
export interface NewOutsideStep {
  /** In the order of the plan. */
  readonly number: number;
  readonly phase: StepPhase;
  readonly class: OutsideClass;
  readonly api: Uuid;
  readonly apiId: string;
  /** Place among the bindings of its API. */
  readonly binding: number;
  /** Id of the template, or path of the file. */
  readonly template: string;
  readonly endpointUuid: Uuid;
  readonly database: DatabaseIdentity;
  readonly work: OutsideWork;
}

export interface OutsideStep extends NewOutsideStep {
  readonly state: OutsideStepState;
  /** Tries at doing it, or at taking it back. */
  readonly attempts: number;
  /** Those among them, in its present direction, that have failed or ended their worker; a target that is away does not count. */
  readonly failures: number;
  /** What the schema of its database was once all steps before the atomic part were done. */
  readonly schemaFingerprint: string | null;
  /** False while there was no try, and while its target has refused every one: nothing is there to be taken back. */
  readonly mayBeDone: boolean;
  /** What it gives to `migration.*`. */
  readonly outputs: JsonObject;
  /** Null for what has no batches, and before the first word of them. */
  readonly progress: BatchProgress | null;
  readonly error: StoredError | null;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
}

/** What becomes of a step; `error` null: it had none. */
export interface OutsideStepChange {
  readonly state: OutsideStepState;
  readonly attempts: number;
  readonly failures: number;
  readonly error: StoredError | null;
  readonly endpointId: string;
  readonly mayBeDone: boolean;
  readonly outputs: JsonObject;
}

/** A database, by its key, as the steps of a run have left it. */
export interface SteppedSchema {
  readonly database: string;
  readonly fingerprint: string;
}

type Progress = Pick<OutsideStep, 'state' | 'mayBeDone'>;

/** Whether it may have left something in its target. */
export function hasBegun({ state, mayBeDone }: Progress): boolean {
  return state !== 'pending' && mayBeDone;
}

/** Whether it has begun, and nobody has taken it back, or found that nothing does. */
export function isLeftToUndo(step: Progress): boolean {
  return hasBegun(step) && step.state !== 'undone' && step.state !== 'left';
}

/** How the record of its binding says it. */
const BINDING_STATES: Readonly<Record<OutsideStepState, StepState>> = {
  pending: 'pending',
  running: 'running',
  done: 'succeeded',
  failed: 'failed',
  undoing: 'running',
  undone: 'rolled_back',
  left: 'succeeded',
};

export function bindingStateOf(state: OutsideStepState): StepState {
  return BINDING_STATES[state];
}

/** Somebody is at it, or was when it was last heard of. */
export function isUnderWay(state: OutsideStepState): boolean {
  return state === 'running' || state === 'undoing';
}
