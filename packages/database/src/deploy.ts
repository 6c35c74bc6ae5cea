import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { directHosts, workHosts } from './control-address.js';
import { clientOf, type ControlHosts } from './control-hosts.js';
import { leave } from './driver-state.js';
import { LOCK_TRIES, PatientScripts } from './patient-scripts.js';
import { takeFirstPlace, type PlaceOptions } from './places/adoption.js';
import { createPool, PATIENT_MS } from './pool.js';
import { createSchemaEngine, SchemaEngineAdapterFactory } from './schema-engine.js';
import { readMigrations, readSchema } from './schema-files.js';

/** Key of the advisory lock that deploys of one control database take in turn: "eden" in ASCII. */
export const DEPLOY_LOCK = 0x6564656e;
const LOCK_WAIT_MS = 120_000;
const CONNECT_TIMEOUT_MS = 5_000;
const RETRY_INTERVAL_MS = 250;

/** What a server says, or the network in its place, while it is starting. */
const NOT_UP_YET = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', '57P03']);

export interface DeployOptions extends Omit<PlaceOptions, 'url'> {
  /** How long to wait for a database that does not answer yet; default one minute. */
  readonly serverWaitMs?: number;
  /** How often a migration is tried whose tables others have locked; default for about a minute and a half. */
  readonly lockTries?: number;
}

/**
 * Brings the control database to the current Prisma schema, as `prisma migrate deploy` would and with the same
 * `_prisma_migrations` table. Any number of hosts may do this at once: they take turns. Each migration is one
 * transaction, and waits for the locks of others for a short time only, again and again: whoever queues up behind it
 * waits no longer either. An installation that has no place yet takes these.
 * @returns the names of the migrations that were applied now.
 * @throws when the database does not come up in time, others keep their locks (they are named), or the schema engine refuses.
 */
export async function deployControlSchema(
  url: string,
  { serverWaitMs = 60_000, lockTries = LOCK_TRIES, ...options }: DeployOptions = {},
): Promise<{ applied: string[] }> {
  // The lock is ours and not only the engine's: that one gives up after ten seconds, and is taken on a pooled session.
  const address: PlaceOptions = { url, ...options };
  const work = workHosts(address);
  const hosts = directHosts(address, work);
  const session = await connectWhenUp(hosts, serverWaitMs);
  try {
    await session.query(`SET lock_timeout = ${LOCK_WAIT_MS}`);
    await session.query('SELECT pg_advisory_lock($1)', [DEPLOY_LOCK]);
    if (hosts !== work) await assertLeadsHere(work, serverWaitMs);
    const applied = await applyMigrations(hosts, lockTries);
    await takeFirstPlace(address);
    return { applied };
  } finally {
    await session.end();
  }
}

/** Whoever goes through the pooler sees the lock of the session that goes past it. */
const LOCK_HELD_HERE = `SELECT FROM pg_locks
  WHERE locktype = 'advisory' AND granted AND objsubid = 1 AND classid = 0 AND objid = $1
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;

/** @throws when the schema would come to another database than the one that the processes work with */
async function assertLeadsHere(work: ControlHosts, poolerWaitMs: number): Promise<void> {
  await leave(await connectWhenUp(work, poolerWaitMs));
  const pool = createPool(work, 1, PATIENT_MS);
  try {
    const { rowCount } = await pool.query(LOCK_HELD_HERE, [DEPLOY_LOCK]);
    if (rowCount === 0) throw new Error('DATABASE_URL and DATABASE_DIRECT_URL lead to different databases');
  } finally {
    await pool.end();
  }
}

async function applyMigrations(hosts: ControlHosts, lockTries: number): Promise<string[]> {
  const [schema, migrationsList] = await Promise.all([readSchema(), readMigrations()]);
  const pool = new pg.Pool({
    connectionString: hosts.first,
    Client: clientOf(hosts),
    application_name: 'eden-deploy',
  });
  const scripts = new PatientScripts(pool, lockTries);
  try {
    const engine = await createSchemaEngine(new SchemaEngineAdapterFactory(pool, scripts), schema);
    const filters = { externalTables: [], externalEnums: [] };
    try {
      return (await engine.applyMigrations({ migrationsList, filters })).appliedMigrationNames;
    } catch (error) {
      if (scripts.blocked === null) throw error;
      // Nothing of it is there: the engine would refuse the next deploy all the same.
      await pool.query(FORGET_UNFINISHED);
      throw scripts.blocked;
    }
  } finally {
    // Before the next deploy gets its turn: an idle session of ours may still hold the engine's own lock.
    await pool.end();
  }
}

const FORGET_UNFINISHED = `UPDATE _prisma_migrations SET rolled_back_at = now()
  WHERE finished_at IS NULL AND rolled_back_at IS NULL`;

async function connectWhenUp(hosts: ControlHosts, serverWaitMs: number): Promise<pg.Client> {
  const deadline = performance.now() + serverWaitMs;
  for (;;) {
    const client = new (clientOf(hosts))({
      connectionString: hosts.first,
      application_name: 'eden-deploy',
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    });
    try {
      await client.connect();
      return client;
    } catch (error) {
      if (!isNotUpYet(error) || performance.now() > deadline) throw error;
    }
    await delay(RETRY_INTERVAL_MS);
  }
}

function isNotUpYet(error: unknown): boolean {
  const { code, message } = error as { code?: string; message?: string };
  return NOT_UP_YET.has(code ?? '') || message?.startsWith('timeout expired') === true;
}
