import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, it } from '@jest/globals';
import { loadWorkerConfig } from '@eden/config';
import { deployControlSchema } from '@eden/database';
import { createDatabase, redisDatabase, testServers, withClient } from '@eden/testkit';
import { startTestGateway } from '../../services/gateway/src/testing/test-gateway.js';
import { createContext } from '../../services/worker/src/context.js';

type Stop = () => Promise<unknown>;

const stops: Stop[] = [];

afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

/** Where each kind of process says whether it is ready. */
const PROCESSES: Readonly<Record<string, (databaseUrl: string) => Promise<string>>> = {
  gateway: async (databaseUrl) => {
    const gateway = await startTestGateway({ DATABASE_URL: databaseUrl, REDIS_URL: await redisDatabase() });
    stops.push(() => gateway.stop());
    return gateway.url;
  },
  worker: async (databaseUrl) => {
    const context = createContext(
      loadWorkerConfig({
        DATABASE_URL: databaseUrl,
        REDIS_URL: await redisDatabase(),
        ENCRYPTION_KEY: randomBytes(32).toString('base64'),
        LOG_LEVEL: 'silent',
        HOST: '127.0.0.1',
        METRICS_PORT: '0',
      }),
    );
    stops.push(() => context.close());
    const operations = await context.startOperations();
    stops.push(() => operations.close());
    return `http://127.0.0.1:${operations.port}`;
  },
};

async function readiness(url: string): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${url}/readyz`);
  return { status: response.status, body: await response.json() };
}

describe.each(Object.entries(PROCESSES))('a %s', (kind, start) => {
  const outdated = (missing: unknown) => ({
    status: 503,
    body: expect.objectContaining({
      status: 'not ready',
      details: 'The control database does not have the schema of this version: run db:deploy',
      missing_migrations: missing,
      ...(kind === 'gateway' ? { checks: expect.objectContaining({ control_database: 'outdated' }) } : {}),
    }),
  });

  it('is not ready before the control database has the schema that it needs, and ready from then on', async () => {
    const { url: databaseUrl } = await createDatabase(testServers().control);
    const url = await start(databaseUrl);
    expect(await readiness(url)).toEqual(outdated(expect.arrayContaining(['20261122120000_init'])));
    const { applied } = await deployControlSchema(databaseUrl);
    expect((await readiness(url)).status).toBe(200);

    const last = applied.at(-1);
    await withClient(databaseUrl, (client) =>
      client.query('UPDATE _prisma_migrations SET finished_at = NULL WHERE migration_name = $1', [last]),
    );
    expect(await readiness(url)).toEqual(outdated([last]));
  });

  it('is ready on the schema of a later version, which is deployed before its processes are', async () => {
    const { url: databaseUrl } = await createDatabase(testServers().control);
    await deployControlSchema(databaseUrl);
    await withClient(databaseUrl, (client) =>
      client.query(`INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at)
                    VALUES ('later', '', '99990101000000_later', now())`),
    );
    expect((await readiness(await start(databaseUrl))).status).toBe(200);
  });
});
