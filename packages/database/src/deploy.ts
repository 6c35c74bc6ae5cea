import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { takeFirstPlace } from './places/adoption.js';
import { createSchemaEngine, SchemaEngineAdapterFactory } from './schema-engine.js';
import { readMigrations, readSchema } from './schema-files.js';

/** Key of the advisory lock that deploys of one control database take in turn: "eden" in ASCII. */
export const DEPLOY_LOCK = 0x6564656e;
const LOCK_WAIT_MS = 120_000;
const CONNECT_TIMEOUT_MS = 5_000;
const RETRY_INTERVAL_MS = 250;

/** What a server says, or the network in its place, while it is starting. */
const NOT_UP_YET = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', '57P03']);

export interface DeployOptions {
  /** How long to wait for a database that does not answer yet; default one minute. */
  readonly serverWaitMs?: number;
  /** EDEN_INSTALLATION, as the processes have it. */
  readonly installationName?: string | undefined;
}

/**
 * Brings the control database to the current Prisma schema, as `prisma migrate deploy` would and with the same
 * `_prisma_migrations` table. Any number of hosts may do this at once: they take turns. Each migration is one
 * transaction. An installation that has no place yet takes this one.
 * @returns the names of the migrations that were applied now.
 * @throws when the database does not come up in time, or the schema engine refuses.
 */
export async function deployControlSchema(
  url: string,
  { serverWaitMs = 60_000, installationName }: DeployOptions = {},
): Promise<{ applied: string[] }> {
  // The lock is ours and not only the engine's: that one gives up after ten seconds, and is taken on a pooled session.
  const session = await connectWhenUp(url, serverWaitMs);
  try {
    await session.query(`SET lock_timeout = ${LOCK_WAIT_MS}`);
    await session.query('SELECT pg_advisory_lock($1)', [DEPLOY_LOCK]);
    const applied = await applyMigrations(url);
    await takeFirstPlace({ url, installationName });
    return { applied };
  } finally {
    await session.end();
  }
}

async function applyMigrations(url: string): Promise<string[]> {
  const [schema, migrationsList] = await Promise.all([readSchema(), readMigrations()]);
  const pool = new pg.Pool({ connectionString: url, application_name: 'eden-deploy' });
  try {
    const engine = await createSchemaEngine(new SchemaEngineAdapterFactory(pool), schema);
    const filters = { externalTables: [], externalEnums: [] };
    return (await engine.applyMigrations({ migrationsList, filters })).appliedMigrationNames;
  } finally {
    // Before the next deploy gets its turn: an idle session of ours may still hold the engine's own lock.
    await pool.end();
  }
}

async function connectWhenUp(url: string, serverWaitMs: number): Promise<pg.Client> {
  const deadline = performance.now() + serverWaitMs;
  for (;;) {
    const client = new pg.Client({
      connectionString: url,
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
  return NOT_UP_YET.has(code ?? '') || message === 'timeout expired';
}
