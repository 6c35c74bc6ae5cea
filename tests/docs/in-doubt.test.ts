import { describe, expect, it } from '@jest/globals';
import type { TestDatabase } from '@eden/testkit';
import { createDatabase, eventually, testServers, withClient } from '@eden/testkit';
import type { CrashCluster } from '../crash/crash-cluster.js';
import { startCrashCluster } from '../crash/crash-cluster.js';
import { CustomerWorld } from '../customers/customer-world.js';
import { runDocument } from './runnable-document.js';

const ADMIN = { username: 'admin', password: 'correct-horse-battery' };
const FAULT = { point: 'after-decide', kind: 'SIGKILL' } as const;

/** The organization of the docs, with the migration that they speak of; orders_db is not the first of its databases. */
async function organization({ cluster }: CrashCluster, newOrganizationToken: string) {
  const anonymous = cluster.client;
  await anonymous.withToken(newOrganizationToken).post('/new', { id: 'demo', super_admins: [ADMIN] });
  const client = await anonymous.logIn('demo', ADMIN.username, ADMIN.password);
  const world = new CustomerWorld(cluster, client, 'demo');
  await world.accept('/migrations', { id: 'release_42' });
  await addDatabase(world, 'customers');
  const database = await addDatabase(world, 'orders');
  await world.accept('/migrations/release_42/sync');
  return { world, database };
}

/** A new one on the server, behind those that are there, with an API of the migration that changes it. */
async function addDatabase(world: CustomerWorld, name: string): Promise<TestDatabase> {
  const database = await createDatabase(testServers().targets[0]);
  await world.accept('/endpoints', { id: `${name}_db`, kind: 'Postgres', config: { url: database.url } });
  await world.addTemplate(`make_${name}`, `${name}_db`, 'CREATE TABLE made (id int)');
  await world.addApi(`${name}_api`);
  const bindings = [{ template: `make_${name}` }];
  await world.accept('/migrations/release_42/add_api', { id: `${name}_api`, bindings });
  return database;
}

/** What nobody should do: settles by hand what a run has prepared. */
async function rollBackByHand(database: TestDatabase): Promise<void> {
  await withClient(database.url, async (client) => {
    const sql = 'SELECT gid FROM pg_prepared_xacts WHERE database = current_database()';
    const { rows } = await client.query<{ gid: string }>(sql);
    expect(rows).toHaveLength(1);
    await client.query(`ROLLBACK PREPARED '${rows[0]?.gid ?? ''}'`);
  });
}

describe('every command of the docs about a run in doubt', () => {
  it('runs on one, and prints what stands there', async () => {
    const newOrganizationToken = 'for-a-new-organization';
    const crash = await startCrashCluster({ workers: 1, env: { NEW_ORG_TOKEN: newOrganizationToken } });
    const { world, database } = await organization(crash, newOrganizationToken);
    await crash.faults.arm(FAULT);
    await world.client.post('/migrations/release_42/migrate', {}, { prefer: 'respond-async' });
    await crash.faults.struck(FAULT);
    await rollBackByHand(database);
    await crash.cluster.addWorker();
    await eventually(async () => {
      const { body } = await world.client.get<{ data: { run: { state: string } } }>('/migrations/release_42');
      expect(body.data.run.state).toBe('in_doubt');
    });
    const pasted = `export URL=${world.client.gatewayUrl} LOGIN=${ADMIN.username}:${ADMIN.password}`;
    const result = await runDocument('docs/how-to/resolve-a-run-in-doubt.md', pasted);
    expect(result).toEqual({ deviation: null, stderr: '' });
  });
});
