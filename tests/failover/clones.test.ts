import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { pipeline } from 'node:stream';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { addApiToMigration, createApi, createTemplate, updateEndpoint } from '@eden/coordinator';
import type { Endpoint, Run } from '@eden/domain';
import { asUuid, formatPreparedId } from '@eden/domain';
import { consumeRun, recoverRuns, sweepOrphans } from '@eden/engine';
import type { PostgresAddress, PostgresServer, TestDatabase } from '@eden/testkit';
import {
  atEndOfFile,
  createDatabase,
  databaseUrl,
  eventually,
  testSandbox,
  testServers,
  withClient,
} from '@eden/testkit';
import type { Step } from '../runs/run-world.js';
import { NEVER, RunWorld } from '../runs/run-world.js';

/** An address that leads to one server after the other, as a name does that is given to another machine. */
class MovingAddress {
  private readonly sockets = new Set<Socket>();
  private readonly server = createServer((client) => {
    const upstream = connect(this.to.port, this.to.host);
    for (const socket of [client, upstream]) this.sockets.add(socket.once('close', () => this.sockets.delete(socket)));
    pipeline(client, upstream, client, () => undefined);
  });

  private constructor(private to: PostgresServer) {}

  static async of(server: PostgresServer): Promise<MovingAddress> {
    const address = new MovingAddress(server);
    await once(address.server.listen(0, '127.0.0.1'), 'listening');
    atEndOfFile(async () => {
      address.moveTo(server);
      await once(address.server.close(), 'close');
    });
    return address;
  }

  url(database: string): string {
    const url = new URL(this.to.url(database));
    url.port = String((this.server.address() as AddressInfo).port);
    return url.href;
  }

  /** What was connected is cut off. */
  moveTo(server: PostgresServer): void {
    this.to = server;
    for (const socket of this.sockets) socket.destroy();
  }
}

/** A world whose two endpoints are led to where the test wants them. */
class CloneWorld {
  private constructor(readonly runs: RunWorld) {}

  static async create(): Promise<CloneWorld> {
    const world = await RunWorld.create({ LOCK_TTL_MS: '3000' });
    atEndOfFile(() => world.close());
    return new CloneWorld(world);
  }

  async lead(endpoint: string, url: string): Promise<void> {
    await updateEndpoint(this.runs.deps, this.runs.subject, endpoint, { config: { url } });
  }

  endpoint(id: string): Promise<Endpoint> {
    return this.runs.deps.store.organization(this.runs.subject.organizationUuid).endpoint(id);
  }

  /** An API that joins the migration and is executed there, and whose definition it changes. */
  async readFrom(migration: string, endpoint: string, query: string): Promise<void> {
    const { deps, subject } = this.runs;
    const id = `${migration}-reads`;
    const template = { id, description: null, endpoint, kind: 'Read', body: { query }, settings: {} } as const;
    await createTemplate(deps, subject, template);
    await createApi(deps, subject, { id, description: null, fields: [], bindings: [{ template: id, fields: {} }] });
    await addApiToMigration(deps, subject, migration, { api: id, bindings: [], stage: 0, next: null });
  }

  async migrated(id: string): Promise<Run> {
    return this.runs.finish(await this.runs.request(id));
  }

  /** A sync, to its end. */
  async synced(id: string): Promise<Run> {
    return this.runs.finish(await this.runs.request(id, 'sync'));
  }

  /** What syncs of the migration have found of databases that were known. */
  async changes(...runs: readonly Run[]): Promise<unknown[]> {
    const store = this.runs.deps.store.organization(this.runs.subject.organizationUuid);
    const events = await Promise.all(runs.map(({ uuid }) => store.runEvents(uuid, 0)));
    return events
      .flat()
      .filter(({ type }) => type === 'database_identified')
      .map(({ data }) => data);
  }

  async latestSync(id: string): Promise<Run> {
    const store = this.runs.deps.store.organization(this.runs.subject.organizationUuid);
    const run = await store.latestRun((await store.migration(id)).uuid, 'sync');
    if (run === null) throw new Error('never synced');
    return run;
  }
}

/** The values of the last of the statements. */
async function query(url: string, sql: string): Promise<readonly unknown[]> {
  const results = await withClient(url, (client) => client.query({ text: sql, rowMode: 'array' }));
  return [results].flat().at(-1)?.rows.flat() ?? [];
}

const idOf = async (url: string): Promise<unknown> => (await query(url, 'SELECT id FROM _eden.identity'))[0];

const stepOf = (id: string, database: 0 | 1): Step => ({
  database,
  query: `INSERT INTO t VALUES ('${id}-${database}')`,
});

const steps = (id: string) => [stepOf(id, 0), stepOf(id, 1)];

const rowsOf = (...urls: readonly string[]) =>
  Promise.all(urls.map((url) => query(url, 'SELECT api FROM t ORDER BY api')));

let clones = 0;
const nextName = () => `clone-${(clones += 1)}`;

async function startOriginal(): Promise<PostgresServer> {
  const original = await (await testSandbox()).startPostgres({ name: `${nextName()}-original`, durable: false });
  await query(original.url(), 'CREATE TABLE t (api text)');
  return original;
}

// Protocol: I31
describe('a base backup of a target', () => {
  let original: PostgresServer;
  let clone: PostgresServer;
  let address: MovingAddress;
  let world: CloneWorld;

  beforeAll(async () => {
    original = await startOriginal();
    address = await MovingAddress.of(original);
    world = await CloneWorld.create();
    await world.lead('db-0', original.url());
    await world.lead('db-1', address.url('postgres'));
  });

  beforeEach(() => address.moveTo(original));

  const rows = () => rowsOf(original.url(), clone.url());

  it('is not seen where two addresses lead to the original: both APIs change it', async () => {
    await world.runs.migration('one', steps('one'));
    clone = await original.clone(nextName());
    expect((await world.migrated('one')).state).toBe('succeeded');
    expect(await rows()).toEqual([['one-0', 'one-1'], []]);
    expect(await idOf(clone.url())).toBe(await idOf(original.url()));
  });

  it('gets no id of its own while a run is unfinished that has worked through its endpoint', async () => {
    await world.runs.migration('unfinished', [{ database: 1, query: "INSERT INTO t VALUES ('unfinished')" }]);
    const run = await world.runs.request('unfinished');
    await consumeRun(world.runs.dying('before-deciding'), run, NEVER);
    address.moveTo(clone);
    await expect(world.runs.migration('early', steps('early'))).rejects.toThrow(new RegExp(`RUN_IN_PROGRESS.*${run}`));
    expect(await idOf(clone.url())).toBe(await idOf(original.url()));
    address.moveTo(original);
    await eventually(async () => {
      await recoverRuns(world.runs.worker(), NEVER);
      expect((await world.runs.run(run)).state).toBe('queued');
    });
    expect((await world.migrated('unfinished')).state).toBe('succeeded');
    await query(original.url(), "DELETE FROM t WHERE api = 'unfinished'");
  });

  it('with an endpoint on each gets an id of its own at sync, and each database its own rows', async () => {
    address.moveTo(clone);
    const before = await world.endpoint('db-1');
    await world.runs.migration('two', steps('two'));
    expect(await world.changes(await world.latestSync('two'))).toEqual([
      { database: 'postgres', endpoint_id: 'db-1', change: 'renewed' },
    ]);
    const after = await world.endpoint('db-1');
    expect(after.version).toBeGreaterThan(before.version);
    expect(after.database).toMatchObject({ key: await idOf(clone.url()) });
    expect(await idOf(clone.url())).not.toBe(await idOf(original.url()));
    expect((await world.migrated('two')).state).toBe('succeeded');
    expect(await rows()).toEqual([['one-0', 'one-1', 'two-0'], ['two-1']]);
  });

  it('and its original are changed together or not at all', async () => {
    address.moveTo(clone);
    const before = await rows();
    await world.runs.migration('torn', [
      stepOf('torn', 0),
      { database: 1, query: 'INSERT INTO t SELECT 1 / (count(*) - count(*)) FROM t' },
    ]);
    expect((await world.migrated('torn')).state).toBe('failed');
    expect(await rows()).toEqual(before);
  });

  it('that is a standby of the original is a replica and no other database', async () => {
    address.moveTo(await original.cloneAsStandby(nextName()));
    await world.runs.migration('three', steps('three'));
    expect(await world.changes(await world.latestSync('three'))).toEqual([]);
    expect((await world.migrated('three')).state).toBe('succeeded');
    expect(await rowsOf(original.url())).toEqual([['one-0', 'one-1', 'three-0', 'three-1', 'two-0']]);
  });

  it('that takes the address of its original after the sync is refused in the run, and nothing has changed', async () => {
    await world.runs.migration('moved', steps('moved'));
    const another = await original.clone(nextName());
    const before = await rowsOf(original.url(), another.url());
    address.moveTo(another);
    const ended = await world.migrated('moved');
    expect(ended.state).toBe('failed');
    expect(JSON.stringify(ended.error)).toMatch(/ATOMICITY_REFUSED.*lead to two databases/);
    expect(await rowsOf(original.url(), another.url())).toEqual(before);
    expect(await query(original.url(), 'SELECT gid FROM pg_prepared_xacts')).toEqual([]);
  });

  it('that has an id of its own and takes the address of its original: the plan is out of date', async () => {
    await world.runs.migration('elsewhere', steps('elsewhere'));
    address.moveTo(clone);
    const ended = await world.migrated('elsewhere');
    expect(ended).toMatchObject({ state: 'failed', error: { code: 'PLAN_OUT_OF_DATE' } });
    expect(JSON.stringify(ended.error)).toContain('Another database than at the sync is behind db-1');
  });
});

// Protocol: I31
describe('a base backup that has an id, and its original that has none', () => {
  it('are told apart by an id for the original, from which an API of the migration reads', async () => {
    const reading = await startOriginal();
    const copy = await reading.clone(nextName());
    const world = await CloneWorld.create();
    await world.lead('db-0', reading.url());
    await world.lead('db-1', copy.url());
    await world.runs.migration('first', [stepOf('first', 1)]);
    const id = await idOf(copy.url());
    await world.runs.unsynced('both', [stepOf('both', 1)]);
    await world.readFrom('both', 'db-0', 'SELECT count(*) FROM t');
    expect((await world.synced('both')).state).toBe('succeeded');
    expect(await idOf(copy.url())).toBe(id);
    expect(await idOf(reading.url())).not.toBe(id);
    expect((await world.migrated('first')).state).toBe('succeeded');
    expect((await world.migrated('both')).state).toBe('succeeded');
    expect(await rowsOf(reading.url(), copy.url())).toEqual([[], ['both-1', 'first-1']]);
  });
});

// Protocol: I31
describe('an original and its base backup in two migrations', () => {
  it('get two ids, and the sweep visits both', async () => {
    const original = await startOriginal();
    const world = await CloneWorld.create();
    await world.lead('db-0', original.url());
    await world.runs.migration('first', [{ database: 0, query: "INSERT INTO t VALUES ('first')" }]);
    const clone = await original.clone(nextName());
    await world.lead('db-1', clone.url());
    await world.runs.migration('second', [{ database: 1, query: "INSERT INTO t VALUES ('second')" }]);
    expect(await idOf(clone.url())).not.toBe(await idOf(original.url()));
    for (const id of ['first', 'second']) expect((await world.migrated(id)).state).toBe('succeeded');
    expect(await rowsOf(original.url(), clone.url())).toEqual([['first'], ['second']]);
    await assertBothSwept(world, [original.url(), clone.url()]);
  });

  it('are swept both where nobody could tell them apart, as the other one was away', async () => {
    const original = await startOriginal();
    const world = await CloneWorld.create();
    await world.lead('db-0', original.url());
    await world.runs.migration('first', [{ database: 0, query: "INSERT INTO t VALUES ('first')" }]);
    const clone = await original.clone(nextName());
    await world.lead('db-1', clone.url());
    await original.stop();
    await world.runs.migration('second', [{ database: 1, query: "INSERT INTO t VALUES ('second')" }]);
    await original.restart();
    for (const id of ['first', 'second']) expect((await world.migrated(id)).state).toBe('succeeded');
    expect(await idOf(clone.url())).toBe(await idOf(original.url()));
    await assertBothSwept(world, [original.url(), clone.url()]);
  });

  async function assertBothSwept({ runs }: CloneWorld, urls: readonly string[]): Promise<void> {
    const installation = await runs.deps.journal.installation();
    for (const url of urls) {
      const name = { installation, runUuid: asUuid(randomUUID()), epoch: 1, number: 0, token: '0123456789abcdef' };
      await query(url, `BEGIN; INSERT INTO t VALUES ('orphan'); PREPARE TRANSACTION '${formatPreparedId(name)}'`);
    }
    expect(await sweepOrphans(runs.deps)).toBe(0);
    for (const url of urls) expect(await query(url, 'SELECT gid FROM pg_prepared_xacts')).toEqual([]);
  }
});

// Protocol: I31
describe('a database that was made of another one as its template', () => {
  it('gets an id of its own at sync, and each database its own rows', async () => {
    const world = await CloneWorld.create();
    const original = await createDatabase(testServers().targets[0]);
    await query(original.url, 'CREATE TABLE t (api text)');
    await world.lead('db-0', original.url);
    await world.runs.migration('before', [{ database: 0, query: "INSERT INTO t VALUES ('before')" }]);
    const copy = await copyOf(original);
    expect(await idOf(copy.url)).toBe(await idOf(original.url));
    await world.lead('db-1', copy.url);
    await world.runs.migration('both', steps('both'));
    expect(await idOf(copy.url)).not.toBe(await idOf(original.url));
    expect((await world.migrated('both')).state).toBe('succeeded');
    expect(await rowsOf(original.url, copy.url)).toEqual([['both-0'], ['both-1']]);
  });

  it('gets one id where two syncs find it at once', async () => {
    const world = await CloneWorld.create();
    const original = await createDatabase(testServers().targets[0]);
    await query(original.url, 'CREATE TABLE t (api text)');
    await world.lead('db-0', original.url);
    for (const id of ['left', 'right']) await world.runs.migration(id, [stepOf(id, 0)]);
    const copy = await copyOf(original);
    await world.lead('db-1', copy.url);
    for (const id of ['left', 'right']) await world.runs.addStep(id, `${id}-1`, stepOf(id, 1));
    const syncs = await Promise.all(['left', 'right'].map((id) => world.synced(id)));
    expect(syncs.map(({ state }) => state)).toEqual(['succeeded', 'succeeded']);
    expect(await world.changes(...syncs)).toEqual([{ database: copy.name, endpoint_id: 'db-1', change: 'renewed' }]);
    for (const id of ['left', 'right']) expect((await world.migrated(id)).state).toBe('succeeded');
    expect(await rowsOf(original.url, copy.url)).toEqual([
      ['left-0', 'right-0'],
      ['left-1', 'right-1'],
    ]);
  });

  /** As `CREATE DATABASE … TEMPLATE` wants it, nobody is connected to the original. */
  async function copyOf({ server, name }: TestDatabase): Promise<TestDatabase> {
    await query(
      databaseUrl(server, 'postgres'),
      `ALTER DATABASE ${name} ALLOW_CONNECTIONS false; SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '${name}'`,
    );
    const copy = await createDatabase(server, { template: name });
    await query(databaseUrl(server, 'postgres'), `ALTER DATABASE ${name} ALLOW_CONNECTIONS true`);
    return copy;
  }
});

// Protocol: I31
describe('a database that has moved', () => {
  it('keeps its identity: a sync notes it, and what was migrated before can be rolled back', async () => {
    const world = await CloneWorld.create();
    const { targets } = testServers();
    const before = await createDatabase(targets[0]);
    await query(before.url, 'CREATE TABLE t (api text)');
    await world.lead('db-0', before.url);
    const rollback = "DELETE FROM t WHERE api = 'done-0'";
    await world.runs.migration('done', [{ ...stepOf('done', 0), rollback }]);
    expect((await world.migrated('done')).state).toBe('succeeded');
    const after = await restored(before, targets[1]);
    await world.lead('db-0', after.url);
    await world.runs.migration('later', [stepOf('later', 0)]);
    expect(await world.changes(await world.latestSync('later'))).toEqual([
      { database: after.name, endpoint_id: 'db-0', change: 'moved' },
    ]);
    expect(await world.endpoint('db-0')).toMatchObject({ database: { key: await idOf(before.url) } });
    expect((await world.migrated('later')).state).toBe('succeeded');
    const undone = await world.runs.finish(await world.runs.request('done', 'rollback'));
    expect(undone).toMatchObject({ state: 'succeeded' });
    expect(await rowsOf(before.url, after.url)).toEqual([['done-0'], ['later-0']]);
  });

  /** What a dump and its restore into another server leave: the rows, those of `_eden` too, and nothing of the server. */
  async function restored({ url }: TestDatabase, server: PostgresAddress): Promise<TestDatabase> {
    const copy = await createDatabase(server);
    const schema = ['install-1', 'install-2'].map((file) =>
      readFile(`packages/targets/sql/postgres/${file}.sql`, 'utf8'),
    );
    await query(
      copy.url,
      [...(await Promise.all(schema)), 'DELETE FROM _eden.identity', 'CREATE TABLE t (api text)'].join(';'),
    );
    for (const table of ['_eden.identity', '_eden.fence', '_eden.gate', '_eden.ledger', 't']) {
      const rows = await query(url, `SELECT coalesce(json_agg(r), '[]')::text FROM ${table} r`);
      await query(
        copy.url,
        `INSERT INTO ${table} SELECT * FROM json_populate_recordset(NULL::${table}, '${String(rows[0])}')`,
      );
    }
    return copy;
  }
});

// Protocol: I31
describe('servers that keep pg_control_system() to themselves', () => {
  it('have databases that are known by their own ids, wherever they are', async () => {
    const original = await startOriginal();
    await query(original.url(), 'REVOKE EXECUTE ON FUNCTION pg_control_system() FROM PUBLIC');
    await query(original.url(), "CREATE ROLE app LOGIN SUPERUSER PASSWORD 'x'; ALTER ROLE app NOSUPERUSER");
    await query(original.url(), 'GRANT ALL ON DATABASE postgres TO app; GRANT ALL ON t TO app');
    const world = await CloneWorld.create();
    const asApp = (url: string) => Object.assign(new URL(url), { username: 'app', password: 'x' }).href;
    await world.lead('db-0', asApp(original.url()));
    await world.runs.migration('before', [stepOf('before', 0)]);
    const clone = await original.clone(nextName());
    await world.lead('db-1', asApp(clone.url()));
    await world.runs.migration('both', steps('both'));
    expect(await idOf(clone.url())).not.toBe(await idOf(original.url()));
    expect((await world.migrated('both')).state).toBe('succeeded');
    expect(await rowsOf(original.url(), clone.url())).toEqual([['both-0'], ['both-1']]);
  });
});
