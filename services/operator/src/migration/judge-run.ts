import type { Run, VerboseMigration } from '@eden/client';
import { conditionOf } from '../resources/conditions.js';
import type { Attempt, MigrationSpec, MigrationStatus } from '../resources/objects.js';
import type { Reason } from '../resources/reasons.js';
import { stalled, waiting, type Facts, type Outcome } from './outcome.js';

export interface FailureRules {
  readonly now: () => Date;
  /** How long after its end a sync that has failed is tried again. */
  readonly retrySyncMs: number;
}

const DEFAULT_BACKOFF_LIMIT = 6;
const FIRST_RETRY_MS = 10_000;
const LONGEST_RETRY_MS = 360_000;

/**
 * What follows from the last run of a release; null when nothing does: it belongs to what was asked before, has succeeded, or
 * what has failed is due again.
 */
export function judgeRun(
  rules: FailureRules,
  spec: FailureSpec,
  attempt: Attempt,
  { id, run }: Pick<VerboseMigration, 'id' | 'run'>,
): Outcome | null {
  if (run === null || run.uuid === attempt.after) return null;
  if (run.state === 'succeeded') return run.kind === 'rollback' ? rolledBack(id, run, attempt) : null;
  if (run.state === 'cancelled' && run.kind === 'migrate') return cancelled(id, run, attempt);
  const hasFailed = run.state === 'failed' || run.state === 'cancelled';
  return hasFailed ? judgeFailure(rules, spec, attempt, { release: id, run }) : null;
}

/** After these only another request goes on. */
const ENDS: readonly Reason[] = ['MigrateFailed', 'BackoffExhausted', 'Cancelled', 'RolledBack'];

/** What has ended the request before: it stays ended, whatever others have run since, such as a sync to look at the plan. */
export function judgeEarlier(status: MigrationStatus | undefined, release: string): Outcome | null {
  const completed = conditionOf(status?.conditions, 'Completed');
  const reason = ENDS.find((each) => each === completed?.reason);
  return completed === undefined || reason === undefined ? null : stalled(reason, completed.message, { release });
}

type FailureSpec = Pick<MigrationSpec, 'onFailure' | 'execution'>;

interface Failed {
  readonly release: string;
  readonly run: Run;
}

function judgeFailure(rules: FailureRules, spec: FailureSpec, attempt: Attempt, failed: Failed): Outcome | null {
  switch (failed.run.kind) {
    case 'sync':
      return judgeSync(rules, attempt, failed);
    case 'migrate':
      return judgeMigrate(rules, spec, attempt, failed);
    case 'rollback':
      return null;
  }
}

function judgeSync({ now, retrySyncMs }: FailureRules, attempt: Attempt, { release, run }: Failed): Outcome | null {
  const dueInMs = endOf(run) + retrySyncMs - now().getTime();
  if (dueInMs <= 0) return null;
  const message = messageOf(release, run);
  const facts: Facts = {
    ...factsOf(release, run, attempt),
    synced: { status: 'False', reason: 'SyncFailed', message },
  };
  return stalled('SyncFailed', message, facts, { after: 'delay', ms: dueInMs });
}

function judgeMigrate(
  { now }: FailureRules,
  { onFailure, execution = {} }: FailureSpec,
  before: Attempt,
  { release, run }: Failed,
): Outcome | null {
  const attempt = counted(before, run);
  const message = messageOf(release, run);
  const facts = (reason: 'MigrateFailed' | 'BackoffExhausted' | 'Retrying'): Facts => ({
    ...factsOf(release, run, attempt),
    completed: { status: 'False', reason, message },
  });
  if (onFailure === 'Stop') return stalled('MigrateFailed', message, facts('MigrateFailed'));
  if (attempt.failures > (execution.backoffLimit ?? DEFAULT_BACKOFF_LIMIT)) {
    return stalled('BackoffExhausted', message, facts('BackoffExhausted'));
  }
  const dueInMs = endOf(run) + retryMs(attempt.failures) - now().getTime();
  // It is counted before it is tried again, so that a process which dies in between counts it once.
  if (dueInMs <= 0 && before.failedRun === run.uuid) return null;
  return waiting('Retrying', message, facts('Retrying'), { after: 'delay', ms: Math.max(0, dueInMs) });
}

function counted(attempt: Attempt, { uuid }: Run): Attempt {
  if (attempt.failedRun === uuid) return attempt;
  const { planHash: _, syncRun: __, ...rest } = attempt;
  return { ...rest, failures: attempt.failures + 1, failedRun: uuid };
}

function retryMs(failures: number): number {
  return Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** (failures - 1));
}

function cancelled(release: string, run: Run, attempt: Attempt): Outcome {
  const message = `Run ${run.uuid} of ${release} was cancelled`;
  const facts: Facts = {
    ...factsOf(release, run, attempt),
    completed: { status: 'False', reason: 'Cancelled', message },
  };
  return stalled('Cancelled', message, facts);
}

function rolledBack(release: string, run: Run, attempt: Attempt): Outcome {
  const message = `${release} was rolled back by run ${run.uuid}`;
  const facts: Facts = {
    ...factsOf(release, run, attempt),
    completed: { status: 'False', reason: 'RolledBack', message },
  };
  return stalled('RolledBack', message, facts);
}

function factsOf(release: string, { uuid, kind, state }: Run, attempt: Attempt): Facts {
  return { release, attempt, run: { uuid, kind, state } };
}

function messageOf(release: string, { uuid, kind, error }: Run): string {
  const why = error == null ? '' : `: ${error.error}`;
  return `The ${kind} of ${release} has failed (run ${uuid})${why}`;
}

function endOf({ finished_at: finishedAt, created_at: createdAt }: Run): number {
  return Date.parse(finishedAt ?? createdAt);
}
