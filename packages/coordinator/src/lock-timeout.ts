import { EdenError, isEdenError } from '@eden/domain';

const SUGGESTION = 'Another migration may be in progress';

/** The guide's body of a lock timeout; what the lock itself knows (holders, blockers) stays beside it. */
export function lockTimeoutError(migrationId: string | null, cause?: unknown): EdenError {
  const known = isEdenError(cause, 'LOCK_TIMEOUT') ? cause.context : {};
  const migration = migrationId === null ? {} : { migration_id: migrationId };
  return new EdenError('LOCK_TIMEOUT', { ...migration, suggestion: SUGGESTION, ...known }, { cause });
}
