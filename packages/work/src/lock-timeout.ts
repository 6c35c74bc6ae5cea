import { EdenError, isEdenError } from '@eden/domain';
import type { Migration } from '@eden/domain';

const SUGGESTION = 'Another migration may be in progress';

/** The guide's body of a lock timeout; what the lock itself knows (holders, blockers) stays beside it. */
export function lockTimeoutError(migrationId: string | null, cause?: unknown): EdenError {
  const known = isEdenError(cause, 'LOCK_TIMEOUT') ? cause.context : {};
  const migration = migrationId === null ? {} : { migration_id: migrationId };
  return new EdenError('LOCK_TIMEOUT', { ...migration, suggestion: SUGGESTION, ...known }, { cause });
}

/**
 * How long anybody waits for a lock of this migration, at one place and however many tries that is, in milliseconds.
 * @param defaultMs LOCK_TIMEOUT_MS, for a migration that says nothing of its own.
 */
export function lockTimeoutOf({ options }: Migration, defaultMs: number): number {
  return options.lock_timeout_ms ?? defaultMs;
}
