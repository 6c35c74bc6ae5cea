import { createHash } from 'node:crypto';
import { formatPreparedId, parsePreparedId, type PreparedIdParts, type Uuid } from '@eden/domain';

/*
 * Every name and lock key that we leave in a target, in one place. Other sessions (recovery, other versions of the
 * service) find our traces by them, so a change here is a change of protocol.
 */

/** Holds the tables `fence`, `gate` and `ledger`. */
export const EDEN_SCHEMA = '_eden';

/** PostgreSQL cuts application names at 63 bytes and refuses transaction ids of 200. */
const MAX_APPLICATION_NAME_BYTES = 63;
const MAX_PREPARED_ID_BYTES = 199;

export const EXECUTION_APPLICATION = 'eden execution';
export const SETTLEMENT_APPLICATION = 'eden settlement';
export const OBSERVER_APPLICATION = 'eden observer';

/** `eden_<installation>_<run>_<epoch>_<n>_<token>`. @throws TypeError when the server or recovery could not read it back. */
export function participantPreparedId(parts: PreparedIdParts): string {
  const id = formatPreparedId(parts);
  if (id.length > MAX_PREPARED_ID_BYTES || parsePreparedId(id) === null)
    throw new TypeError(`not a prepared id: ${id}`);
  return id;
}

/** What the ids of an installation begin with; longer names of other installations may begin so, too. */
export function preparedIdPrefix(installation: string): string {
  return `eden_${installation}_`;
}

/** `eden/<run, 32 digits>/<epoch>/<n>`: recovery finds a dead run's backends by it. */
export function participantApplication({
  runUuid,
  epoch,
  number,
}: Omit<PreparedIdParts, 'installation' | 'token'>): string {
  const name = `${runApplicationPrefix(runUuid)}${epoch}/${number}`;
  if (name.length > MAX_APPLICATION_NAME_BYTES) throw new TypeError('epoch or number out of range');
  return name;
}

export function runApplicationPrefix(runUuid: Uuid): string {
  return `eden/${runUuid.replaceAll('-', '')}/`;
}

/** Advisory lock that API executions share and participants take alone. */
export function gateKey(apiUuid: Uuid): bigint {
  return advisoryKey(`eden:gate:${apiUuid}`);
}

/** Advisory lock of the one participant that works for a migration in a database. */
export function runKey(migrationUuid: Uuid): bigint {
  return advisoryKey(`eden:run:${migrationUuid}`);
}

/** Advisory lock of the one session that works on a step outside a run's transaction. */
export function stepKey({ runUuid, number }: Pick<PreparedIdParts, 'runUuid' | 'number'>): bigint {
  return advisoryKey(`eden:step:${runUuid}:${number}`);
}

/** Advisory lock under which the schema `_eden` is made. */
export function installKey(): bigint {
  return advisoryKey('eden:install');
}

/** The signed 64 bits that PostgreSQL's advisory locks take. */
function advisoryKey(name: string): bigint {
  return createHash('sha256').update(name).digest().readBigInt64BE(0);
}
