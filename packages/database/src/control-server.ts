import type { ControlServer, ControlServerIdentity } from '@eden/domain';
import pg from 'pg';
import { translated } from './client.js';

const DATABASE_OID = `SELECT oid::int8::float8 AS oid FROM pg_database WHERE datname = current_database()`;
const SYSTEM_IDENTIFIER = `SELECT system_identifier::text AS id FROM pg_control_system()`;

/** A key of 64 bits stands there in two halves; `objsubid` 1 tells it from a pair of keys of 32 bits. */
const HOLDER_OF_ADVISORY_LOCK = `
  SELECT database::int8::float8 AS oid FROM pg_locks
   WHERE locktype = 'advisory' AND objsubid = 1 AND granted
     AND classid::int8 = ($1::int8 >> 32) & 4294967295 AND objid::int8 = $1::int8 & 4294967295`;

const INSUFFICIENT_PRIVILEGE = '42501';

/** By the driver itself: it is asked between the statements of a transaction that a target keeps open. */
export function createControlServer(pool: pg.Pool): ControlServer {
  return {
    identify: () => translated(() => identify(pool), null),
    findAdvisoryLock: (key) =>
      translated(async () => {
        const { rows } = await pool.query<{ oid: number }>(HOLDER_OF_ADVISORY_LOCK, [key.toString()]);
        return rows[0]?.oid ?? null;
      }, null),
  };
}

async function identify(pool: pg.Pool): Promise<ControlServerIdentity> {
  const { rows } = await pool.query<{ oid: number }>(DATABASE_OID);
  const [row] = rows;
  if (row === undefined) throw new Error('The control database is not listed by its own server');
  return { systemIdentifier: await readSystemIdentifier(pool), databaseOid: row.oid };
}

async function readSystemIdentifier(pool: pg.Pool): Promise<string | null> {
  try {
    const { rows } = await pool.query<{ id: string }>(SYSTEM_IDENTIFIER);
    return rows[0]?.id ?? null;
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code === INSUFFICIENT_PRIVILEGE) return null;
    throw error;
  }
}
