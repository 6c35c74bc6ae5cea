import type { RunTuning } from './backfill.js';
import type { ErrorContext, StoredError } from './errors.js';
import { EdenError } from './errors.js';
import type { Uuid } from './ids.js';
import type { JsonObject } from './json.js';
import type { AtomicityClass, PlannedFile } from './plan.js';

export const RUN_KINDS = ['sync', 'migrate', 'rollback'] as const;
export type RunKind = (typeof RUN_KINDS)[number];

/** What moves a run from one to another: run-machine.ts. */
export const RUN_STATES = [
  'queued',
  'waiting_for_lock',
  'stepping',
  'paused',
  'running',
  'deciding',
  'committing',
  'finishing',
  'succeeded',
  'aborting',
  'compensating',
  'failed',
  'cancelled',
  'in_doubt',
] as const;
export type RunState = (typeof RUN_STATES)[number];

export const FINISHED_RUN_STATES = ['succeeded', 'failed', 'cancelled'] as const satisfies readonly RunState[];

export function isFinished(state: RunState): boolean {
  return (FINISHED_RUN_STATES as readonly RunState[]).includes(state);
}

/** Of an API in a run, and of a binding. */
export const STEP_STATES = ['pending', 'running', 'succeeded', 'failed', 'rolled_back'] as const;
export type StepState = (typeof STEP_STATES)[number];

export function hasEnded(state: StepState): boolean {
  return state !== 'pending' && state !== 'running';
}

/** A try of a binding that failed, and was followed by another. */
export interface BindingAttempt {
  /** RFC 3339, as all times of a binding. */
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly error: StoredError;
}

export interface RunBinding {
  /** Null for a file of a source. */
  readonly template: Uuid | null;
  /** Id of the template, or path of the file. */
  readonly templateId: string;
  readonly file?: PlannedFile;
  /** Where it runs; runs of earlier versions do not say. */
  readonly endpoint?: { readonly uuid: Uuid; readonly id: string };
  readonly state: StepState;
  readonly attempts: number;
  /** The latest of them; absent where none has failed, and in runs of earlier versions. */
  readonly failedTries?: readonly BindingAttempt[];
  /** So far, while it runs. */
  readonly rows: number;
  /** By the target's planner, at sync; null where it could not say. */
  readonly estimatedRows: number | null;
  /** RFC 3339; null until then. Of its first try, where it is tried again. */
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly executionTimeMs: number;
  /** The values of `migration.*` that it was given, by name: a rollback is given the same. Empty until it ran. */
  readonly references: JsonObject;
  readonly error: StoredError | null;
}

export interface RunApi {
  readonly api: Uuid;
  readonly apiId: string;
  readonly stage: number;
  readonly position: number;
  readonly state: StepState;
  readonly class: AtomicityClass;
  readonly bindings: readonly RunBinding[];
}

/** What has changed of an API in a run. */
export interface RunApiChange extends Omit<RunApi, 'bindings'> {
  /** Those whose record has changed, with their places among the API's bindings. */
  readonly changed: readonly { readonly index: number; readonly binding: RunBinding }[];
  /** Of all its bindings together. */
  readonly rows: number;
  readonly executionTimeMs: number;
}

/** A run without its APIs, of which there may be many: they are read by themselves. */
export interface Run {
  readonly uuid: Uuid;
  readonly organizationUuid: Uuid;
  readonly migrationUuid: Uuid;
  readonly migrationId: string;
  readonly kind: RunKind;
  readonly state: RunState;
  /** 0 until T1. */
  readonly epoch: number;
  /** Drawn by T1: which attempt it is, on whatever timeline of the control database. Empty where there is none. */
  readonly token: string;
  /** The timeline of the control database on which it was queued, or started; empty where nobody has noted it. */
  readonly timeline: string;
  readonly attempt: number;
  /** Username of the subject that asked for it. */
  readonly actor: string;
  /** Of a sync: it runs everything, too, and takes it back. */
  readonly rehearse: boolean;
  /** The run's `migration` body: overrides of parameters. */
  readonly overrides: JsonObject;
  readonly lockWaitMs: number | null;
  readonly parallelExecutionMs: number | null;
  readonly error: StoredError | null;
  /** Why it waits, was queued again, or is or was undone; null of a run that needs no word. */
  readonly reason: string | null;
  /** What was changed of its pace; null: nothing. */
  readonly tuning: RunTuning | null;
  /** The process that works on it, or did when it was last heard of. */
  readonly owner: string | null;
  /** W3C Trace Context of the request that asked for it; null where nobody traced that. */
  readonly traceparent: string | null;
  /** Username of the subject that cancelled it: whatever stops it before the commit point, it ends `cancelled`. */
  readonly cancelledBy: string | null;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
}

/** How a person has ended a run that was in doubt. */
export interface RunResolution {
  readonly decision: 'commit' | 'abort' | 'retry';
  readonly reason: string;
  readonly actor: string;
}

/** What to do where an unfinished run is in the way. */
export const WAIT_FOR_RUN = 'Wait until the run has finished and try again';

/** The answer to whoever wants what an unfinished run does not allow. */
export function runInProgress(runUuid: string): EdenError {
  return new EdenError('RUN_IN_PROGRESS', { run_uuid: runUuid, suggestion: WAIT_FOR_RUN });
}

/** The answer to whoever wants to stop, or to let go on, what is not under way. @param about The latest run, where there is one */
export function noRunInProgress(about: ErrorContext = {}): EdenError {
  const suggestion = 'Nothing is under way: GET /migrations/{migration}/runs shows what was';
  return new EdenError('NO_RUN_IN_PROGRESS', { ...about, suggestion });
}

/** The answer to whoever decides about a run that needs no decision. @param about That run, where there is one */
export function runNotInDoubt(about: ErrorContext = {}): EdenError {
  const suggestion = 'Only a run in doubt is resolved: GET /migrations/{migration}/runs shows their states';
  return new EdenError('RUN_NOT_IN_DOUBT', { ...about, suggestion });
}
