import { beforeAll, describe, expect, it } from '@jest/globals';
import { startCluster, testServers } from '@eden/testkit';
import { CustomerWorld, rowsOf } from '../customers/customer-world.js';
import type { CustomerDatabase } from '../customers/customer-world.js';

interface MigrationBody {
  readonly data: { readonly state: string; readonly run: { readonly kind: string; readonly state: string } };
}

let world: CustomerWorld;
const databases: CustomerDatabase[] = [];

beforeAll(async () => {
  const cluster = await startCluster({ gateways: 1, workers: 2 });
  world = await CustomerWorld.create(cluster);
  for (const [n, server] of testServers().targets.entries()) databases.push(await world.addDatabase(server, `db_${n}`));
});

/** Two APIs, one on each database, that keep a copy named after the run and add a column that they then read. */
async function complete(migration: string, undo: object = { rollback: { query: 'SELECT 1' } }): Promise<void> {
  await world.accept('/migrations', {
    id: migration,
    parameters: { column: `${migration} "tier"`, tier: "it's gold" },
  });
  for (const n of [0, 1]) await addApi(migration, n, undo);
  await world.accept(`/migrations/${migration}/sync`);
  await world.accept(`/migrations/${migration}/migrate`);
}

async function addApi(migration: string, n: number, undo: object): Promise<void> {
  const [endpoint, id] = [`db_${n}`, `${migration}_${n}`];
  await world.addTemplate(`keep_${id}`, endpoint, 'CREATE TABLE {{ident at}} AS TABLE customers', {
    rollback: { query: 'DROP TABLE {{ident at}}' },
  });
  await world.addTemplate(`alter_${id}`, endpoint, 'ALTER TABLE customers ADD COLUMN {{ident column}} text', {
    rollback: { query: 'ALTER TABLE customers DROP COLUMN {{ident column}}' },
  });
  // Dropping the column first would fail.
  await world.addTemplate(
    `view_${id}`,
    endpoint,
    'CREATE VIEW {{ident view}} AS SELECT {{ident column}} FROM customers',
    {
      rollback: { query: 'DROP VIEW {{ident view}}' },
    },
  );
  await world.addTemplate(`fill_${id}`, endpoint, 'UPDATE customers SET {{ident column}} = {{tier}}', undo);
  await world.addTemplate(`old_${id}`, endpoint, `SELECT 'old' AS version`, { kind: 'Read' });
  await world.addTemplate(`new_${id}`, endpoint, `SELECT 'new' AS version`, { kind: 'Read' });
  await world.addApi(id, [], [{ template: `old_${id}`, fields: {} }]);
  await world.accept(`/migrations/${migration}/add_api`, {
    id,
    stage: n,
    bindings: [
      { template: `keep_${id}`, fields: { at: 'migration.run_uuid' } },
      { template: `alter_${id}`, fields: { column: 'migration.column' } },
      { template: `view_${id}`, fields: { view: `view_${id}`, column: 'migration.column' } },
      { template: `fill_${id}`, fields: { column: 'migration.column', tier: 'migration.tier' } },
      { template: `old_${id}`, fields: {} },
    ],
    next: { bindings: [{ template: `new_${id}`, fields: {} }] },
  });
}

/** What is there beyond the customers that every database begins with. */
async function changes(): Promise<number> {
  const sql = `SELECT FROM information_schema.columns
    WHERE table_schema = 'public' AND NOT (table_name = 'customers' AND column_name IN ('id', 'name', 'email', 'created_at'))`;
  return (await Promise.all(databases.map(({ database }) => rowsOf(database, sql)))).flat().length;
}

async function versionOf(api: string): Promise<unknown> {
  const { data } = await world.accept<{ data: Record<string, { rows: { version: string }[] }> }>(`/apis/${api}`);
  return Object.values(data)[0]?.rows[0]?.version;
}

function state(migration: string): Promise<string> {
  return world.client.get<MigrationBody>(`/migrations/${migration}`).then(({ body }) => body.data.state);
}

describe('the rollback of a completed migration', () => {
  it('undoes everything on every database, and gives back the earlier definitions', async () => {
    await complete('undone');
    expect(await versionOf('undone_0')).toBe('new');
    const answer = await world.client.post('/migrations/undone/rollback');
    expect(answer).toMatchObject({ status: 200, body: { message: 'migration rollback completed' } });
    expect(await changes()).toBe(0);
    expect(await Promise.all(['undone_0', 'undone_1'].map(versionOf))).toEqual(['old', 'old']);
    const { body } = await world.client.get<MigrationBody>('/migrations/undone');
    expect(body.data).toMatchObject({ state: 'Rolled Back', run: { kind: 'rollback', state: 'succeeded' } });
  });

  it('leaves a migration that can be synced, run and rolled back again', async () => {
    for (const action of ['sync', 'migrate']) await world.accept(`/migrations/undone/${action}`);
    expect(await versionOf('undone_1')).toBe('new');
    await world.accept('/migrations/undone/rollback');
    expect([await changes(), await versionOf('undone_1'), await state('undone')]).toEqual([0, 'old', 'Rolled Back']);
  });

  it('changes nothing anywhere when it fails in one database', async () => {
    await complete('stuck');
    const before = await changes();
    await rowsOf(
      (databases[0] as CustomerDatabase).database,
      `CREATE VIEW tiers AS SELECT "stuck ""tier""" FROM customers`,
    );
    const answer = await world.client.post('/migrations/stuck/rollback');
    expect(answer).toMatchObject({ status: 500, body: { errors: [{ template: 'alter_stuck_0', sqlstate: '2BP01' }] } });
    await rowsOf((databases[0] as CustomerDatabase).database, 'DROP VIEW tiers');
    expect([await changes(), await versionOf('stuck_1'), await state('stuck')]).toEqual([before, 'new', 'Completed']);
    await world.accept('/migrations/stuck/rollback');
    expect([await changes(), await state('stuck')]).toEqual([0, 'Rolled Back']);
  });

  it('is refused, with what to do, when a template does not say how it is undone', async () => {
    await complete('mute', {});
    const answer = await world.client.post('/migrations/mute/rollback');
    expect(answer).toMatchObject({
      status: 422,
      body: {
        error: 'Migration cannot be rolled back',
        reasons: [0, 1].map((n) => expect.stringContaining(`"fill_mute_${n}" has no rollback: add one`)),
      },
    });
    for (const n of [0, 1]) await world.client.patch(`/templates/fill_mute_${n}`, { rollback: { query: 'SELECT 1' } });
    await world.accept('/migrations/mute/rollback');
    expect(await changes()).toBe(0);
  });

  it('is refused when an API has gone, has another migration, or reads another database now', async () => {
    await complete('late');
    await world.accept('/migrations', { id: 'next' });
    await world.accept('/migrations/next/add_api', { id: 'late_0', bindings: [] });
    expect(await world.client.post('/migrations/late/rollback')).toMatchObject({
      status: 409,
      body: { error: 'Api Schema already has an active migration' },
    });
    await world.client.delete('/migrations/next');
    await world.client.patch('/templates/alter_late_1', { template: { endpoint: 'db_0' } });
    await world.client.delete('/apis/late_0');
    expect(await world.client.post('/migrations/late/rollback')).toMatchObject({
      status: 422,
      body: {
        reasons: [
          expect.stringContaining('Api "late_0" has been deleted'),
          expect.stringContaining('"alter_late_1" has moved to another endpoint'),
        ],
      },
    });
    expect(await state('late')).toBe('Completed');
  });

  it('of a migration that is not completed is refused', async () => {
    await world.accept('/migrations', { id: 'young' });
    expect(await world.client.post('/migrations/young/rollback')).toMatchObject({
      status: 409,
      body: { error: 'Migration is in state "Pending"' },
    });
  });
});
