/**
 * The named points of a run at which a test may pause or kill the process (the crash table of docs/protocol.md). Inert in production.
 */
export const CRASH_POINTS = [
  'after-claim',
  'before-step',
  'after-batch',
  'after-step',
  'before-compensation',
  'after-compensation',
  'after-start',
  'after-begin',
  'after-bindings',
  'before-prepare',
  'after-prepare',
  'before-deciding',
  'after-deciding',
  'after-last-resource',
  'before-decide',
  'after-decide',
  'before-commit-prepared',
  'after-commit-prepared',
  'before-complete',
  'after-begin-abort',
  'before-finish-abort',
] as const;

/** Those of a run, and that of the relay: a job was sent, and nobody knows of it yet. */
export type CrashPoint = (typeof CRASH_POINTS)[number] | 'after-send';

export interface CrashPoints {
  /** `participant` is the participant's number where the point belongs to one. */
  reach(point: CrashPoint, participant?: number): Promise<void>;
}

export const NO_CRASH_POINTS: CrashPoints = { reach: () => Promise.resolve() };
