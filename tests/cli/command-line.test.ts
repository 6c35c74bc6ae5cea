import { beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Plan } from '@eden/client';
import { createDatabase, eventually, startCluster, testServers, type Cluster, type TestDatabase } from '@eden/testkit';
import { rowsOf } from '../customers/customer-world.js';
import { Pauses } from '../customers/pause.js';
import { CliWorld } from './cli-world.js';

interface Run {
  readonly uuid: string;
  readonly kind: string;
  readonly state: string;
  readonly migration_id: string;
}

/** `orders` fails in its last statement when it is told a wrong number of rows. */
function file(line: string, orderRows: number, more = ''): string {
  return `
version: 1
migration: ${line}
endpoints:
  users: { kind: Postgres, url: env:USERS_DATABASE_URL }
  orders: { kind: Postgres, url: env:ORDERS_DATABASE_URL }
templates:
  - id: ${line}_make_users
    description: the table of users
    template: { endpoint: users, kind: Write, template: { query: 'CREATE TABLE ${line}_users (id bigint, name text)' } }
    rollback: { query: 'DROP TABLE ${line}_users' }
  - id: ${line}_fill_users
    template: { endpoint: users, kind: Write, template: { query: "INSERT INTO ${line}_users SELECT n, {{name}} FROM generate_series(1, 10) AS n" } }
    defaults: { name: nobody }
    outputs: { filled: row_count }
    retries: 1
  - id: ${line}_make_orders
    template:
      endpoint: orders
      endpoint_kind: Postgres
      kind: Transaction
      template: { operations: [ { query: 'CREATE TABLE ${line}_orders (id bigint)' }, { query: 'INSERT INTO ${line}_orders VALUES (1)' } ] }
  - id: ${line}_check_orders
    template: { endpoint: orders, kind: Read, template: { query: 'SELECT count(*) = {{rows}} FROM ${line}_orders' } }
    expect: { value: true }
  - id: ${line}_read_user
    template: { endpoint: users, kind: Read, template: { query: 'SELECT * FROM ${line}_users WHERE id = {{id}}', params: [] } }
apis:
  - id: ${line}_users
    bindings: [ { template: ${line}_make_users }, { template: ${line}_fill_users, fields: { name: migration.name } } ]
    next:
      fields: [ { name: id, type: Number, required: true } ]
      bindings: [ { template: ${line}_read_user, fields: { id: id } } ]
  - id: ${line}_orders
    stage: 1
    bindings: [ { template: ${line}_make_orders }, { template: ${line}_check_orders, fields: { rows: ${orderRows} } } ]
${more}
parameters: { name: "O'Neill", list: [1, { a: null }] }
options: { lock_timeout_ms: 5000 }
`;
}

/** A plan without what only a stored one has. */
function stepsOf({ atomicity, apis }: Plan): unknown {
  const steps = apis.map(({ api_id: id, stage, bindings }) => [
    id,
    stage,
    bindings.map(({ template_id: template, endpoint_id: endpoint, statements, class: how, findings }) => {
      return { template, endpoint, statements, how, findings };
    }),
  ]);
  return { atomicity, steps };
}

describe('the command line', () => {
  let cluster: Cluster;
  let world: CliWorld;

  beforeAll(async () => {
    cluster = await startCluster();
    world = await CliWorld.create(cluster);
  });

  async function tableExists(database: TestDatabase, name: string): Promise<boolean> {
    return (await rowsOf(database, `SELECT FROM pg_tables WHERE tablename = '${name}'`)).length > 0;
  }

  async function history(line: string): Promise<Run[]> {
    const { code, out } = await world.eden(['history', line, '-o', 'json']);
    expect(code).toBe(0);
    return JSON.parse(out) as Run[];
  }

  const apply = (...more: string[]) => world.eden(['apply', '--wait', '--yes', ...more]);

  describe('eden apply', () => {
    it('describes everything, migrates both databases, and has nothing to do the second time', async () => {
      world.write('eden.yaml', file('shop', 1));
      const diff = await world.eden(['diff', '--exit-code', '-o', 'json']);
      expect(diff.code).toBe(5);
      expect(JSON.parse(diff.out)).toHaveLength(12);
      const planned = await world.eden(['plan', '--exit-code', '-o', 'json']);
      expect(planned.code).toBe(5);

      const first = await apply();
      expect(first).toMatchObject({ code: 0, err: expect.stringContaining('Plan of shop: atomic') });
      expect(first.err).toContain('users has committed');
      expect(await rowsOf(world.users, 'SELECT count(*)::int AS n, min(name) AS name FROM shop_users')).toEqual([
        { n: 10, name: "O'Neill" },
      ]);
      expect(await tableExists(world.orders, 'shop_orders')).toBe(true);
      // What was shown before anything was stored is what sync has planned then.
      const stored = (await world.client.get<{ data: Plan }>('/migrations/shop/plan')).body.data;
      expect(stepsOf(JSON.parse(planned.out) as Plan)).toEqual(stepsOf(stored));
      expect(await world.client.post('/apis/shop_users', { id: 3 })).toMatchObject({ status: 200 });

      const second = await apply();
      expect(second).toMatchObject({ code: 0, err: expect.stringContaining('Nothing to do: shop is completed') });
      expect((await history('shop')).map(({ kind, state }) => `${kind} ${state}`)).toEqual([
        'migrate succeeded',
        'sync succeeded',
      ]);
      expect(await world.eden(['diff', '--exit-code'])).toMatchObject({ code: 0, out: '' });
    });

    it('makes the next release of the line when the file has something new, with that alone', async () => {
      const more = `  - id: shop_more\n    bindings: [ { template: shop_fill_users } ]`;
      world.write('eden.yaml', file('shop', 1, more));
      expect(await apply()).toMatchObject({ code: 0, err: expect.stringContaining('+ migration shop-2') });
      expect(await rowsOf(world.users, `SELECT count(*)::int AS n FROM shop_users WHERE name = 'O''Neill'`)).toEqual([
        { n: 10 },
      ]);
      expect(await rowsOf(world.users, `SELECT count(*)::int AS n FROM shop_users WHERE name = 'nobody'`)).toEqual([
        { n: 10 },
      ]);
      expect(await apply()).toMatchObject({
        code: 0,
        err: expect.stringContaining('Nothing to do: shop-2 is completed'),
      });
      const status = await world.eden(['status', '-o', 'name']);
      expect(status).toMatchObject({ code: 0, out: 'migration/shop-2\n' });
    });

    it('changes no database when one fails, says which statement, and goes through when it is mended', async () => {
      world.write('eden.yaml', file('fails', 7));
      const failed = await apply();
      expect(failed.code).toBe(10);
      expect(failed.err).toContain('fails_orders, fails_check_orders, binding 2: Template expectation not met');
      expect(failed.err).toContain('It has changed nothing in any database.');
      expect(await tableExists(world.users, 'fails_users')).toBe(false);
      expect(await tableExists(world.orders, 'fails_orders')).toBe(false);
      expect(await world.eden(['wait', 'migration/fails', '--for=completed'])).toMatchObject({ code: 10 });
      expect(await world.eden(['status', 'fails'])).toMatchObject({ code: 0, out: expect.stringContaining('Failed') });

      world.write('eden.yaml', file('fails', 1));
      expect(await apply()).toMatchObject({
        code: 0,
        err: expect.stringContaining('+ api fails_orders of migration fails'),
      });
      expect(await tableExists(world.users, 'fails_users')).toBe(true);
      expect(await tableExists(world.orders, 'fails_orders')).toBe(true);
    });

    it('that was killed in the middle finds its run', async () => {
      const pauses = await Pauses.install(world.users);
      await pauses.begin('kill');
      const pause = `  - id: killed_pause\n    bindings: [ { template: killed_pause } ]`;
      const text = file('killed', 1, pause).replace(
        'apis:\n',
        `  - id: killed_pause\n    template: { endpoint: users, kind: Read, template: { query: "SELECT pause('kill')" } }\napis:\n`,
      );
      world.write('eden.yaml', text);
      const killed = world.start(['apply', '--wait', '--yes']);
      await pauses.isReached();
      killed.child.kill('SIGKILL');
      expect((await killed.ended).code).toBeNull();

      const glance = await world.eden(['apply', '--yes']);
      expect(glance).toMatchObject({ code: 0, err: expect.stringContaining('killed: migrate is under way already') });
      expect(await world.eden(['wait', 'migration/killed', '--timeout', '300ms'])).toMatchObject({ code: 124 });

      const again = world.start(['apply', '--wait', '--yes']);
      await again.says('under way already');
      await pauses.end('kill');
      expect(await again.ended).toMatchObject({
        code: 0,
        err: expect.stringContaining('Nothing to do: killed is completed'),
      });
      expect((await history('killed')).map(({ kind, state }) => `${kind} ${state}`)).toEqual([
        'migrate succeeded',
        'sync succeeded',
      ]);
    });

    it('wants --yes without a terminal, and changes nothing with --dry-run', async () => {
      world.write('eden.yaml', file('dry', 1));
      expect(await world.eden(['apply', '--wait'])).toMatchObject({
        code: 2,
        err: expect.stringContaining('Say --yes'),
      });
      const dry = await world.eden(['apply', '--dry-run']);
      expect(dry).toMatchObject({ code: 0, out: expect.stringContaining('+ migration dry') });
      expect(dry.out).toContain('CREATE TABLE dry_users (id bigint, name text)');
      expect(await world.client.get('/migrations/dry')).toMatchObject({ status: 404 });
    });

    it('shows where an endpoint leads to and led, and no password', async () => {
      const elsewhere = await createDatabase(testServers().targets[0]);
      world.write('eden.yaml', file('shop', 1).replace('env:USERS_DATABASE_URL', 'env:OTHER_URL'));
      const env = { OTHER_URL: elsewhere.url };
      const { out } = await world.eden(['diff'], { env });
      expect(out).toContain(`/${world.users.name} to postgres@127.0.0.1`);
      expect(out).toContain(`/${elsewhere.name}`);
      expect(out).not.toContain(new URL(elsewhere.url).password);
      const { err } = await world.eden(['diff']);
      expect(err).toContain('endpoints.users.url wants the environment variable OTHER_URL');
    });
  });

  describe('watching', () => {
    it('ends with Ctrl-C, and the run goes on; the log is that of the run', async () => {
      const pauses = await Pauses.install(world.orders);
      await pauses.begin('watch');
      await world.client.post('/templates', {
        id: 'watch_pause',
        template: { endpoint: 'orders', kind: 'Read', template: { query: "SELECT pause('watch')" } },
      });
      await world.client.post('/apis', { id: 'watched' });
      expect(await world.eden(['migrations', 'create', 'watched', '--set', 'description=to be watched'])).toMatchObject(
        { code: 0 },
      );
      await world.client.post('/migrations/watched/add_api', {
        id: 'watched',
        bindings: [{ template: 'watch_pause' }],
      });
      expect(await world.eden(['migrations', 'sync', 'watched', '--wait'])).toMatchObject({ code: 0 });
      const plan = await world.eden(['plan', 'watched', '-o', 'markdown', '--exit-code']);
      expect(plan).toMatchObject({ code: 5, out: expect.stringContaining('| 0 | orders | watched | watch_pause |') });
      const started = await world.eden(['migrations', 'migrate', 'watched', '-o', 'name']);
      expect(started).toMatchObject({ code: 0, out: expect.stringMatching(/^run\/[0-9a-f-]{36}\n$/) });
      const run = started.out.trim().slice('run/'.length);
      await pauses.isReached();

      const watching = world.start(['status', 'watched', '--watch']);
      await watching.says('started');
      watching.child.kill('SIGINT');
      expect(await watching.ended).toMatchObject({ code: 130, err: expect.stringContaining('the run goes on') });

      const logs = world.start(['runs', 'logs', '-f', run]);
      await pauses.end('watch');
      const { code, out } = await logs.ended;
      expect(code).toBe(0);
      expect(out).toMatch(/migrate queued[^]*started[^]*watched succeeded: 1 row[^]*commit point[^]*succeeded\n$/);
      expect(await world.eden(['wait', 'migration/watched', '--for=completed', '--timeout', '1m'])).toMatchObject({
        code: 0,
      });
      expect(await world.eden(['wait', `run/${run}`])).toMatchObject({ code: 0 });
    });

    it('a run that is cancelled has changed nothing', async () => {
      world.write('eden.yaml', file('cancelled', 1));
      await rowsOf(world.orders, `INSERT INTO paused VALUES ('cancel')`);
      await world.client.post('/templates', {
        id: 'cancel_pause',
        template: { endpoint: 'orders', kind: 'Read', template: { query: "SELECT pause('cancel')" } },
      });
      const more = `  - id: cancelled_pause\n    bindings: [ { template: cancel_pause } ]`;
      world.write('eden.yaml', file('cancelled', 1, more));
      const applying = world.start(['apply', '--wait', '--yes']);
      await applying.says('started');
      await applying.says('migrate queued');
      await applying.says('cancelled_users succeeded');
      expect(await world.eden(['migrations', 'cancel', 'cancelled', '--wait'])).toMatchObject({ code: 0 });
      expect(await applying.ended).toMatchObject({ code: 10, err: expect.stringContaining('migrate cancelled') });
      expect(await tableExists(world.users, 'cancelled_users')).toBe(false);
    });
  });

  describe('a run that waits for its maintenance window', () => {
    it('is paused, resumed and cancelled', async () => {
      const hour = (ahead: number): string => `${String((new Date().getUTCHours() + ahead) % 24).padStart(2, '0')}:00`;
      const maintenance_window = { start: hour(6), end: hour(8), timezone: 'UTC' };
      await world.client.post('/migrations', { id: 'nightly', options: { maintenance_window } });
      await world.client.post('/migrations/nightly/sync');
      const migrate = await world.eden(['migrations', 'migrate', 'nightly', '-o', 'json']);
      const { run } = JSON.parse(migrate.out) as { run: string };
      const runNow = async () => (await world.client.get<{ data: object }>(`/runs/${run}`)).body.data;
      await eventually(async () =>
        expect(await runNow()).toMatchObject({
          state: 'waiting_for_lock',
          reason: expect.stringContaining('maintenance window'),
        }),
      );
      expect(await world.eden(['migrations', 'pause', 'nightly', '--wait', '--timeout', '1m'])).toMatchObject({
        code: 0,
        err: expect.stringContaining('eden migrations resume nightly'),
      });
      expect(await runNow()).toMatchObject({
        state: 'paused',
        reason: expect.stringContaining('was paused by'),
      });
      expect(await world.eden(['migrations', 'resume', 'nightly', '-o', 'name'])).toMatchObject({
        code: 0,
        out: `run/${run}\n`,
      });
      expect(await world.eden(['migrations', 'cancel', 'nightly', '--wait'])).toMatchObject({ code: 0 });
      expect(await world.eden(['migrations', 'pause', 'nightly'])).toMatchObject({
        code: 10,
        err: expect.stringContaining('no run in progress'),
      });
    });
  });

  describe('things of the service', () => {
    it('are made, shown, changed and deleted', async () => {
      const set = ['--set', 'kind=Postgres', '--set', 'config.url=env:USERS_DATABASE_URL'];
      expect(await world.eden(['endpoints', 'create', 'spare', ...set])).toMatchObject({ code: 0 });
      expect(await world.eden(['endpoints', 'create', 'spare', ...set])).toMatchObject({ code: 10, out: '' });
      const shown = await world.eden(['endpoints', 'get', 'spare', '-o', 'json']);
      expect(JSON.parse(shown.out)).toMatchObject({ id: 'spare', config: { database: world.users.name } });
      expect(shown.out).not.toContain(new URL(world.users.url).password);
      expect(await world.eden(['endpoints', 'update', 'spare', '--set', 'description=for later'])).toMatchObject({
        code: 0,
      });
      const list = await world.eden(['endpoints', 'list', '-o', 'name', '--limit', '1']);
      expect(list).toMatchObject({ code: 0, out: 'endpoint/spare\n', err: expect.stringContaining('more than 1') });
      expect(await world.eden(['endpoints', 'list'])).toMatchObject({
        out: expect.stringMatching(/^ENDPOINT +KIND[^]*for later/),
      });
      expect(await world.eden(['endpoint', 'delete', 'spare', '--yes', '-q'])).toEqual({ code: 0, out: '', err: '' });
      expect(await world.eden(['endpoints', 'get', 'spare'])).toMatchObject({
        code: 1,
        err: expect.stringContaining('Endpoint not found'),
      });
    });

    it('users have a password that comes from stdin', async () => {
      const argv = ['users', 'create', 'robin', '--set', 'access_level=Read', '--password-stdin'];
      expect(await world.eden(argv, { input: 'a-long-enough-password-9' })).toMatchObject({ code: 0 });
      expect(await world.eden(['users', 'get', 'robin', '-o', 'yaml'])).toMatchObject({
        out: expect.stringContaining('access_level: Read'),
      });
    });
  });

  describe('the audit', () => {
    it('is listed, exported and verified', async () => {
      const list = await world.eden(['audit', 'list', '--actor', 'operator', '--subject', 'spare', '-o', 'json']);
      const actions = (JSON.parse(list.out) as { action: string }[]).map(({ action }) => action);
      expect(actions).toEqual(['endpoint.delete', 'endpoint.update', 'endpoint.create']);
      const { out: lines } = await world.eden(['audit', 'export', '--subject', 'spare']);
      const exported = lines
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as { action: string });
      expect(exported.map(({ action }) => action)).toEqual(actions.toReversed());
      const { code, out: head } = await world.eden(['audit', 'verify']);
      expect({ code, head }).toEqual({ code: 0, head: expect.stringMatching(/^\d+:[0-9a-f]{64}\n$/) });
      expect(await world.eden(['audit', 'verify', '--known', head.trim()])).toMatchObject({ code: 0 });
      const other = `1:${'0'.repeat(64)}`;
      expect(await world.eden(['audit', 'verify', '--known', other])).toMatchObject({
        code: 10,
        out: expect.stringContaining('rewritten  1'),
        err: expect.stringContaining('The audit is not as it was written'),
      });
    });
  });

  describe('robots and grants', () => {
    it('make a key that works at once, alone on stdout, and levels on single resources', async () => {
      const made = await world.eden(['robots', 'create', 'ci', '--set', 'scopes=["read"]', '--set', 'expires_in=3600']);
      expect(made).toMatchObject({ code: 0, err: expect.stringContaining('shown this once') });
      const key = made.out.trim();
      const asRobot = { env: { EDEN_TOKEN: key } };
      expect(JSON.parse((await world.eden(['whoami', '-o', 'json'], asRobot)).out)).toMatchObject({
        username: 'ci',
        kind: 'robot',
        level: 'Read',
        scopes: ['read'],
      });
      const rotated = await world.eden(['robots', 'rotate-key', 'ci', '-o', 'json']);
      expect(JSON.parse(rotated.out)).toMatchObject({ username: 'ci', api_key: expect.stringMatching(/^eden_/) });
      expect(await world.eden(['whoami'], asRobot)).toMatchObject({ code: 3 });
      expect((await world.eden(['robots', 'list'])).out).not.toContain('eden_');
      await world.eden(['apis', 'create', 'granted']);
      expect(await world.eden(['grants', 'set', 'api/granted', 'ci=None'])).toMatchObject({ code: 0 });
      expect(await world.eden(['grants', 'list', 'apis/granted', '-o', 'json'])).toMatchObject({
        out: expect.stringMatching(/\[\s*"ci",\s*"None"\s*\]/),
      });
      expect(await world.eden(['grants', 'delete', 'api/granted', 'ci'])).toMatchObject({ code: 0 });
      expect(await world.eden(['grants', 'list', 'granted'])).toMatchObject({ code: 2 });
      expect(await world.eden(['robots', 'delete', 'ci'])).toMatchObject({ code: 0 });
    });
  });

  describe('who asks', () => {
    it('is known after login, and the file with the token is closed to others', async () => {
      expect(JSON.parse((await world.eden(['whoami', '-o', 'json'])).out)).toMatchObject({
        username: 'operator',
        kind: 'user',
        level: 'Admin',
        scopes: null,
      });
      const path = join(world.folder, 'config', 'eden', 'config.toml');
      expect(statSync(path).mode & 0o777).toBe(0o600);
    });

    it('may not do all: exit code 3', async () => {
      await world.logIn('reader', 'Read', 'reader');
      expect(await world.eden(['config', 'use', 'default'])).toMatchObject({ code: 0 });
      const refused = await world.eden(['migrations', 'create', 'x', '--profile', 'reader']);
      expect(refused).toMatchObject({ code: 3, err: expect.stringContaining('required_level: Admin') });
      expect(await world.eden(['whoami'], { env: { EDEN_TOKEN: 'eden_wrong' } })).toMatchObject({ code: 3 });
    });

    it('is nobody after logout, and the token is revoked', async () => {
      await world.logIn('leaver', 'Read', 'leaver');
      const path = join(world.folder, 'config', 'eden', 'config.toml');
      const token = /\[profiles\.leaver\][^[]*token = "([^"]+)"/.exec(readFileSync(path, 'utf8'))?.[1] ?? '';
      expect(await world.eden(['logout'])).toMatchObject({ code: 0 });
      expect(readFileSync(path, 'utf8')).not.toContain(token);
      expect(await world.eden(['whoami'])).toMatchObject({ code: 3 });
      expect(await world.client.withToken(token).get('/migrations')).toMatchObject({ status: 401 });
    });
  });
});
