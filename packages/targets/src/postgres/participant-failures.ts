import { CannotBePrepared, EdenError, type Blocker, type ParticipantSpec } from '@eden/domain';
import { hasSqlstate, SQLSTATE, statementError } from './errors.js';

/** What the port says of a failed message of a participant. */
export type Translate = (endpointId: string, error: unknown, blockers: readonly Blocker[]) => EdenError;

/** A lock that stayed taken names who had it. */
export const statementFailure: Translate = (endpointId, error, blockers) => {
  const isLockTimeout = hasSqlstate(error, SQLSTATE.lockNotAvailable);
  return statementError(endpointId, error, isLockTimeout ? { blockers } : {});
};

/** Sync cannot see what a trigger or a function does: here it shows. */
export const prepareFailure: Translate = (endpointId, error, blockers) => {
  const failure = statementFailure(endpointId, error, blockers);
  if (!hasSqlstate(error, SQLSTATE.featureNotSupported)) return failure;
  const suggestion =
    'A trigger or function did what PostgreSQL cannot prepare (temporary objects, LISTEN or NOTIFY, a cursor WITH HOLD): ' +
    'sync again, and this database commits last, without being prepared, which one database of a migration may; or leave ' +
    'it out while the migration runs, for example by ALTER TABLE … DISABLE TRIGGER in the migration itself';
  return new CannotBePrepared(failure.code, { ...failure.context, suggestion }, { cause: error });
};

/** In `begin` the only locks are ours: a run or readers are in the way, and trying again later may help. */
export function lockTimeout(spec: ParticipantSpec): Translate {
  return (endpointId, error, blockers) => {
    if (!hasSqlstate(error, SQLSTATE.lockNotAvailable)) return statementFailure(endpointId, error, blockers);
    const { migrationUuid, gateTimeoutMs } = spec;
    const context = {
      endpoint_id: endpointId,
      migration_uuid: migrationUuid,
      lock_timeout_ms: gateTimeoutMs,
      blockers,
    };
    return new EdenError('LOCK_TIMEOUT', context, { cause: error });
  };
}
