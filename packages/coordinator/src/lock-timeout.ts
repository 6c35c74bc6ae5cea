import { EdenError, isEdenError } from '@eden/domain';
import type { Migration } from '@eden/domain';
import type { CoordinatorDeps } from './deps.js';

const SUGGESTION = 'Another migration may be in progress';

/** The guide's body of a lock timeout; what the lock itself knows (holders, blockers) stays beside it. */
export function lockTimeoutError(migrationId: string | null, cause?: unknown): EdenError {
  const known = isEdenError(cause, 'LOCK_TIMEOUT') ? cause.context : {};
  const migration = migrationId === null ? {} : { migration_id: migrationId };
  return new EdenError('LOCK_TIMEOUT', { ...migration, suggestion: SUGGESTION, ...known }, { cause });
}

/** How long anybody waits for a lock of this migration, at one place and however many tries that is. */
export function lockTimeoutOf({ settings }: Pick<CoordinatorDeps, 'settings'>, { options }: Migration): number {
  return options.lock_timeout_ms ?? settings.lockTimeoutMs;
}
