import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { consumeRun } from '@eden/engine';
import { startServer } from '@eden/testkit';
import { NEVER, RunWorld } from './run-world.js';

/** Two databases of one server that has room for three prepared transactions. */
let world: RunWorld;

beforeAll(async () => {
  const address = await startServer('few-slots', { max_prepared_transactions: '3' });
  world = await RunWorld.create({}, [address, address]);
  for (const database of [0, 1] as const) {
    await world.query(
      database,
      `CREATE TABLE item (id int); CREATE SEQUENCE s;
       CREATE FUNCTION pgrst_watch() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN NOTIFY pgrst, 'reload schema'; END $$`,
    );
  }
});

afterAll(() => world.close());

afterEach(async () => {
  for (const database of [0, 1] as const) await world.query(database, 'DROP EVENT TRIGGER IF EXISTS pgrst_watch');
});

function planOf(migration: string) {
  const organization = world.deps.store.organization(world.subject.organizationUuid);
  return organization.migration(migration).then(({ uuid }) => organization.plan(uuid));
}

function watch(database: 0 | 1): Promise<unknown> {
  return world.query(database, 'CREATE EVENT TRIGGER pgrst_watch ON ddl_command_end EXECUTE FUNCTION pgrst_watch()');
}

const insert = (database: 0 | 1) => ({ database, query: 'INSERT INTO item VALUES (1)' });
const alter = (database: 0 | 1, column: string) => ({ database, query: `ALTER TABLE item ADD COLUMN ${column} int` });

// Protocol: I13
describe('event triggers that notify, as PostgREST and Supabase have them', () => {
  it('in two databases keep a migration from being planned, and are named with what to do', async () => {
    await watch(0);
    await watch(1);
    const syncing = world.migration('watched', [alter(0, 'a'), alter(1, 'a')]);
    await expect(syncing).rejects.toThrow(/ATOMICITY_REFUSED.*ALTER EVENT TRIGGER.*pgrst_watch.*DISABLE/);
    for (const database of [0, 1] as const) await world.query(database, 'ALTER EVENT TRIGGER pgrst_watch DISABLE');
    const sync = await world.request('watched', 'sync');
    expect(await world.finish(sync)).toMatchObject({ state: 'succeeded' });
    expect(await world.finish(await world.request('watched'))).toMatchObject({ state: 'succeeded' });
  });

  it('in one of them make it the last resource; a trigger that comes after the plan voids it', async () => {
    await watch(1);
    await world.migration('half_watched', [alter(0, 'b'), alter(1, 'b')]);
    const plan = await planOf('half_watched');
    const classes = plan?.databases.map(({ identity, class: each }) => [identity.name, each]);
    expect(Object.fromEntries(classes ?? [])).toEqual({
      [world.databases[0].name]: 'two-phase',
      [world.databases[1].name]: 'last-resource',
    });
    await watch(0);
    expect(await world.finish(await world.request('half_watched'))).toMatchObject({
      state: 'failed',
      error: { code: 'PLAN_OUT_OF_DATE', context: { details: `The schema of ${world.databases[0].name} has changed` } },
    });
  });
});

describe('prepared transactions that others have taken', () => {
  it('are told at sync, interrupt the run, and are named when it gives up', async () => {
    for (const n of [1, 2, 3]) {
      await world.query(0, `BEGIN; SELECT pg_current_xact_id(); PREPARE TRANSACTION 'of others ${n}'`);
    }
    await world.migration('crowded', [insert(0), insert(1)]);
    const plan = await planOf('crowded');
    expect(plan?.databases.flatMap(({ findings = [] }) => findings.map(({ rule }) => rule))).toEqual([
      'prepared-slots',
      'prepared-slots',
    ]);
    const run = await world.request('crowded');
    await consumeRun(world.worker(), run, NEVER);
    expect(await world.run(run)).toMatchObject({ state: 'queued', attempt: 2 });
    expect(await world.finish(run)).toMatchObject({
      state: 'failed',
      error: {
        code: 'MIGRATION_EXECUTION_FAILED',
        context: {
          errors: [
            {
              details: expect.stringContaining('max_prepared_transactions'),
              holders: expect.arrayContaining([expect.objectContaining({ prepared_id: 'of others 1' })]),
            },
          ],
        },
      },
    });
    for (const n of [1, 2, 3]) await world.query(0, `ROLLBACK PREPARED 'of others ${n}'`);
    expect([
      ...(await world.query(0, 'SELECT id FROM item')),
      ...(await world.query(1, 'SELECT id FROM item')),
    ]).toEqual([]);
  });
});

describe('what no transaction undoes', () => {
  it('is an exception of a failure that has changed nothing else', async () => {
    await world.migration('moves_on', [
      { database: 0, query: "SELECT setval('s', 70)" },
      { database: 1, query: 'SELECT 1 / (SELECT count(*) FROM item WHERE id = 99)' },
    ]);
    expect(await world.finish(await world.request('moves_on'))).toMatchObject({
      state: 'failed',
      error: {
        context: {
          not_undone: [{ api_id: 'moves_on-0', template: 'moves_on-0', details: expect.stringContaining('setval') }],
        },
      },
    });
    expect(await world.query(0, 'SELECT last_value FROM s')).toEqual([{ last_value: '70' }]);
  });
});
