import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  addApiToMigration,
  createApi,
  createEndpoint,
  createTemplate,
  executeApi,
  updateEndpoint,
} from '@eden/coordinator';
import type { JsonObject } from '@eden/domain';
import { eventually, testSandbox, withClient, type PostgresServer } from '@eden/testkit';
import { RunWorld } from '../runs/run-world.js';

/*
 * An API that reads a hot standby which applies the log late, through a migration of its primary and back (protocol I32).
 */

let primary: PostgresServer;
let standby: PostgresServer;
let world: RunWorld;

beforeAll(async () => {
  const settings = { wal_keep_size: '32MB' };
  primary = await (await testSandbox()).startPostgres({ name: 'api-primary', durable: false, settings });
  await query(primary, "CREATE TABLE item (name text); INSERT INTO item VALUES ('pen')");
  standby = await primary.startStandby({ name: 'api-standby', replicationPort: primary.port });
  world = await RunWorld.create();
  const { deps, subject } = world;
  await updateEndpoint(deps, subject, 'db-0', { config: { url: primary.url() } });
  const replica = { id: 'replica', kind: 'Postgres', description: null, config: { url: standby.url() } } as const;
  await createEndpoint(deps, subject, replica);
  const read = { description: null, endpoint: 'replica', kind: 'Read', settings: {} } as const;
  await createTemplate(deps, subject, { ...read, id: 'by-name', body: { query: 'SELECT name AS item FROM item' } });
  await createTemplate(deps, subject, { ...read, id: 'by-title', body: { query: 'SELECT title AS item FROM item' } });
  const bindings = [{ template: 'by-name', fields: {} }];
  await createApi(deps, subject, { id: 'items', description: null, fields: [], bindings });
  await createApi(deps, subject, {
    id: 'items-twice',
    description: null,
    fields: [],
    bindings: [...bindings, ...bindings],
  });
  const steps = [
    {
      database: 0,
      query: 'ALTER TABLE item RENAME COLUMN name TO title',
      rollback: 'ALTER TABLE item RENAME COLUMN title TO name',
    },
  ] as const;
  await world.migration('rename', steps, async () => {
    for (const [api, count] of [
      ['items', 1],
      ['items-twice', 2],
    ] as const) {
      const next = { bindings: Array.from({ length: count }, () => ({ template: 'by-title', fields: {} })) };
      await addApiToMigration(deps, subject, 'rename', { api, bindings: [], stage: 0, next });
    }
  });
});

afterAll(async () => {
  await query(standby, 'SELECT pg_wal_replay_resume()');
  await world.close();
});

async function query(server: PostgresServer, text: string): Promise<readonly JsonObject[]> {
  const results = await withClient(server.url(), (client) => client.query(text));
  return [results].flat().at(-1)?.rows ?? [];
}

async function pauseReplay(): Promise<void> {
  const [{ lsn } = {}] = await query(primary, 'SELECT pg_current_wal_insert_lsn() AS lsn');
  await eventually(async () => {
    const replayed = `SELECT pg_last_wal_replay_lsn() >= '${String(lsn)}'::pg_lsn AS done`;
    expect(await query(standby, replayed)).toEqual([{ done: true }]);
  });
  await query(standby, 'SELECT pg_wal_replay_pause()');
  const state = 'SELECT pg_get_wal_replay_pause_state() AS state';
  await eventually(async () => expect(await query(standby, state)).toEqual([{ state: 'paused' }]));
}

/** The rows of each binding. */
async function execute(api: string, lockTimeoutMs = 20_000): Promise<readonly unknown[]> {
  const { deps, subject } = world;
  const settings = { ...deps.settings, lockTimeoutMs };
  const answers = Object.values(await executeApi({ ...deps, settings }, subject, api, {}));
  return (answers as unknown as readonly { rows: readonly JsonObject[] }[]).map(({ rows }) => rows[0]);
}

const PEN = { item: 'pen' };
const APIS = [
  ['items', [PEN]],
  ['items-twice', [PEN, PEN]],
] as const;

// Protocol: I32
describe.each([
  ['migrate', 'the migration'],
  ['rollback', 'its rollback'],
] as const)('APIs that read a standby which has not applied a %s', (kind, name) => {
  it(`wait for ${name}, no longer than their bound, and never run on the schema before`, async () => {
    await pauseReplay();
    expect(await world.finish(await world.request('rename', kind))).toMatchObject({ state: 'succeeded' });
    for (const [api] of APIS) {
      await expect(execute(api, 3_000)).rejects.toMatchObject({
        code: 'LOCK_TIMEOUT',
        context: { details: 'A standby that the API reads has not replayed its last migration yet' },
      });
    }
    const waiting = APIS.map(([api]) => execute(api));
    await query(standby, 'SELECT pg_wal_replay_resume()');
    expect(await Promise.all(waiting)).toEqual(APIS.map(([, rows]) => rows));
  });
});
