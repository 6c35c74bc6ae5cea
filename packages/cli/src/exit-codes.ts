import { ApiError, UnreachableError, WaitTimeoutError, type Run } from '@eden/client';

/** What the command says to whoever has started it (contract section 6). */
export const EXIT = {
  done: 0,
  /** Network, input, or a fault. */
  failedToTry: 1,
  usage: 2,
  /** Not logged in, or not allowed. */
  notAllowed: 3,
  /** `--exit-code`: there are changes. */
  changes: 5,
  /** Refused, failed or rolled back: nothing has changed. */
  refused: 10,
  /** In doubt, or changed in part. */
  inDoubt: 20,
  awaitsApproval: 30,
  /** The waiting took too long; what was waited for goes on. */
  timeout: 124,
  /** Ctrl-C ended the watching; what was watched goes on. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Something that the command itself has to say; `next` is what to do about it. */
export class CommandError extends Error {
  override readonly name = 'CommandError';

  constructor(
    message: string,
    readonly next: string,
    readonly exitCode: ExitCode = EXIT.failedToTry,
  ) {
    super(message);
  }
}

const STATUS_NOT_ALLOWED: readonly number[] = [401, 403];
/** The service understood and says no; 423: somebody else had the lock for too long. */
const STATUS_REFUSED: readonly number[] = [409, 422, 423];
/** Of runs that took place and were undone, whatever their status. */
const CODES_UNDONE: readonly string[] = ['MIGRATION_EXECUTION_FAILED', 'RUN_CANCELLED'];
/** Those that say more than their status. */
const BY_CODE: Readonly<Record<string, ExitCode>> = {
  MIGRATION_AWAITS_APPROVAL: EXIT.awaitsApproval,
  RUN_IN_DOUBT: EXIT.inDoubt,
  STEP_AFTER_COMMIT_FAILED: EXIT.inDoubt,
  STEP_COMPENSATION_FAILED: EXIT.inDoubt,
  // The first try may be done, or at it still: nobody has refused it.
  IDEMPOTENCY_KEY_IN_USE: EXIT.failedToTry,
};

export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof CommandError) return error.exitCode;
  if (error instanceof WaitTimeoutError) return EXIT.timeout;
  if (error instanceof UnreachableError || !(error instanceof ApiError)) return EXIT.failedToTry;
  const ofCode = BY_CODE[error.code];
  if (ofCode !== undefined) return ofCode;
  if (STATUS_NOT_ALLOWED.includes(error.status)) return EXIT.notAllowed;
  const isRefused = STATUS_REFUSED.includes(error.status) || CODES_UNDONE.includes(error.code);
  return isRefused ? EXIT.refused : EXIT.failedToTry;
}

/** What of a run says how it has ended. */
export type RunEnd = Pick<Run, 'state' | 'error' | 'steps'>;

/** Of a run that has settled. One that has failed with the error of a doubt was resolved so, whatever its databases have. */
export function exitCodeOfRun(run: RunEnd): ExitCode {
  const { state, error } = run;
  if (state === 'succeeded') return EXIT.done;
  if (state === 'in_doubt' || stepsThatStay(run).length > 0) return EXIT.inDoubt;
  return BY_CODE[error?.code ?? ''] ?? EXIT.refused;
}

/** The steps outside the transaction that nothing has taken back, of a run that has not succeeded. */
export function stepsThatStay({ state, steps = [] }: RunEnd): string[] {
  if (state === 'succeeded') return [];
  return steps.filter((step) => step.state === 'left').map(({ api_id: api, template }) => `${api}, ${template}`);
}
