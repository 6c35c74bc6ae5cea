import { createHash } from 'node:crypto';
import { formatPreparedId, parsePreparedId, type PreparedIdParts, type Uuid } from '@eden/domain';

/*
 * Every name that we leave in a target, in one place. Other sessions (recovery, other versions of the service) find our
 * traces by them, so a change here is a change of protocol.
 */

/** Of our tables, which stand among those of the database. */
export const OUR_PREFIX = '_eden_';

/** `EDEN` in ASCII: the format of our transaction ids. */
const FORMAT = 0x4544454e;
const MOST_PART_BYTES = 64;
const DATABASE_DIGITS = 16;

/** `eden_<installation>_<run>_<epoch>_<n>_<token>`. @throws TypeError when the server or recovery could not read it back. */
export function participantPreparedId(parts: PreparedIdParts): string {
  const id = formatPreparedId(parts);
  if (xidOf(id, '') === null || parsePreparedId(id) === null) throw new TypeError(`not a prepared id: ${id}`);
  return id;
}

/**
 * The transaction id of XA, as SQL: the prepared id over both parts, and behind it a digest of the database, because XA
 * RECOVER tells those of the whole server. Null for what cannot be one.
 */
export function xidOf(preparedId: string, database: string): string | null {
  const bytes = Buffer.from(`${preparedId}@${digestOf(database)}`);
  if (bytes.length > 2 * MOST_PART_BYTES) return null;
  const [global, branch] = [bytes.subarray(0, MOST_PART_BYTES), bytes.subarray(MOST_PART_BYTES)];
  return `X'${global.toString('hex')}',X'${branch.toString('hex')}',${FORMAT}`;
}

/** The prepared id of a row of XA RECOVER; null for everybody else's, and for those of other databases. */
export function preparedIdIn(data: string, format: number, database: string): string | null {
  const suffix = `@${digestOf(database)}`;
  return format === FORMAT && data.endsWith(suffix) ? data.slice(0, -suffix.length) : null;
}

/** The lock that the session of a participant has for as long as it is there. */
export function sessionLock(preparedId: string): string {
  return `eden_${createHash('sha256').update(preparedId).digest('hex').slice(0, 40)}`;
}

/** The lock that proves a database: locks are the server's, so it names the database as well. */
export function proofLock(proof: string, database: string): string {
  return `eden_proof_${proof}_${digestOf(database)}`;
}

/** Held by whoever makes our tables in the database. */
export function installLock(database: string): string {
  return `eden_install_${digestOf(database)}`;
}

/** Held by whoever is at a step outside the transaction: locks are the server's, so it names the database as well. */
export function stepLock(
  { runUuid, number }: { readonly runUuid: Uuid; readonly number: number },
  database: string,
): string {
  const digest = createHash('sha256')
    .update(`${runUuid}/${number}`)
    .digest('hex')
    .slice(0, 2 * DATABASE_DIGITS);
  return `eden_step_${digest}${digestOf(database).slice(0, DATABASE_DIGITS / 2)}`;
}

function digestOf(database: string): string {
  return createHash('sha256').update(database).digest('hex').slice(0, DATABASE_DIGITS);
}
