import { beforeAll, describe, expect, test } from '@jest/globals';
import { eventually, withClient, type ServiceProcess } from '@eden/testkit';
import { dbmate, OperatorWorld } from './world.js';

const NO_PORT = 1;

/** One case, and its line of the table that the file prints. */
function life(what: string, then: string, live: () => Promise<void>): void {
  test(`${what}: ${then}`, async () => {
    const startedAt = performance.now();
    await live();
    const ms = (performance.now() - startedAt).toFixed(0).padStart(6);
    process.stdout.write(`${what.padEnd(38)} ${then.padEnd(66)} ${ms} ms\n`);
  });
}

describe('the life of the operator, with a real gateway and worker', () => {
  let world: OperatorWorld;
  let operator: ServiceProcess;

  beforeAll(async () => {
    world = await OperatorWorld.create();
    operator = await world.startOperator();
  });

  life('connection', 'tells who it is', async () => {
    await world.until('eden', 'Connected', 'EdenConnection');
    const { status } = await world.kube.get('EdenConnection', world.namespace, 'eden');
    expect(status).toMatchObject({ level: 'Admin', observedGeneration: 1 });
  });

  life('create', 'two databases migrated in one run, Ready', async () => {
    await world.addFiles('shop', { '1_made': 'CREATE TABLE made (id int)' });
    await world.migrate('shop', 'shop');
    await world.until('shop', 'Completed');
    expect(await world.tables()).toEqual([['made'], ['made']]);
    expect(await world.migrates('shop')).toMatchObject([{ state: 'succeeded' }]);
    const { generation } = (await world.kube.get('EdenMigration', world.namespace, 'shop')).metadata;
    expect(await world.status('shop')).toMatchObject({
      observedGeneration: generation,
      phase: 'Completed',
      release: 'shop',
    });
    for (const type of ['Synced', 'Approved', 'Completed'])
      expect(await world.condition('shop', type)).toMatchObject({ status: 'True' });
    for (const type of ['Reconciling', 'Stalled'])
      expect(await world.condition('shop', type)).toMatchObject({ status: 'False' });
  });

  life('at rest', 'rounds write nothing, and events tell transitions only', async () => {
    const before = await world.kube.get('EdenMigration', world.namespace, 'shop');
    await looksAt(3);
    expect(await world.kube.get('EdenMigration', world.namespace, 'shop')).toEqual(before);
    expect(await world.events('shop')).toEqual(['Starting', 'Syncing', 'Migrating', 'Completed']);
  });

  /** Waits for so many more rounds over all objects. */
  async function looksAt(rounds: number): Promise<void> {
    const looks = async (): Promise<number> => {
      const text = await (await fetch(`${operator.url}/metrics`)).text();
      return Number(
        /eden_operator_reconcile_seconds_count\{kind="EdenMigration",result="ok"\} (\d+)/.exec(text)?.[1] ?? 0,
      );
    };
    const before = await looks();
    await eventually(async () => expect(await looks()).toBeGreaterThanOrEqual(before + rounds));
  }

  life('change', 'a new file is the next release of the line', async () => {
    const files = { '1_made': 'CREATE TABLE made (id int)', '2_more': 'CREATE TABLE more (id int)' };
    await world.kube.patch('ConfigMap', world.namespace, 'shop', { data: dbmate(files) });
    await eventually(async () =>
      expect(await world.status('shop')).toMatchObject({ release: 'shop-2', phase: 'Completed' }),
    );
    expect(await world.tables()).toEqual([
      ['made', 'more'],
      ['made', 'more'],
    ]);
  });

  life('failing migrate', 'Stalled, nothing changed; another run token tries again', async () => {
    await world.addFiles('fails', { '1_fails': 'INSERT INTO made SELECT 1 / count(*) FROM wanted' });
    for (const { url } of world.databases)
      await withClient(url, (client) => client.query('CREATE TABLE wanted (id int)'));
    await world.migrate('fails', 'fails');
    await world.until('fails', 'MigrateFailed');
    expect(await world.condition('fails', 'Stalled')).toMatchObject({ status: 'True' });
    // Somebody looks at the plan: that is no other request.
    expect((await world.eden.post('/migrations/fails/sync', {})).status).toBe(200);
    const hasOnlyFailed = async (): Promise<void> => {
      const runs = (await world.runs('fails')).map(({ kind, state }) => `${kind} ${state}`);
      expect(runs.toSorted()).toEqual(['migrate failed', 'sync succeeded', 'sync succeeded']);
    };
    await eventually(hasOnlyFailed);
    await looksAt(5);
    await hasOnlyFailed();
    for (const { url } of world.databases)
      await withClient(url, (client) => client.query('INSERT INTO wanted VALUES (1)'));
    await world.kube.patch('EdenMigration', world.namespace, 'fails', { spec: { runToken: 'again' } });
    await world.until('fails', 'Completed');
  });

  life('status conflicts, answers lost', 'read again and not swallowed; one run', async () => {
    const isStatus = ({ method, path }: { method: string; path: string }): boolean =>
      method === 'PATCH' && path.endsWith('/conflicts/status');
    const conflicts = world.kubernetes.faults.add({
      matches: isStatus,
      times: 3,
      fault: { kind: 'answer', code: 409 },
    });
    const losses = world.kubernetes.faults.add({ matches: isStatus, times: 4, fault: { kind: 'reset', after: true } });
    await world.addFiles('conflicts', { '1_conflicts': 'SELECT 1' });
    await world.migrate('conflicts', 'conflicts');
    await Promise.all([conflicts.spent, losses.spent]);
    await world.until('conflicts', 'Completed');
    expect(await world.migrates('conflicts')).toHaveLength(1);
  });

  life('gateway away', 'GatewayUnavailable, and on as soon as it answers', async () => {
    world.gateway.leadTo(NO_PORT);
    await world.bare('away');
    await world.until('away', 'GatewayUnavailable');
    expect(await world.condition('away', 'Stalled')).toMatchObject({ status: 'False' });
    world.gateway.leadTo(world.gatewayPort);
    await world.until('away', 'NothingToDo');
  });

  life('Secret away', 'SecretNotFound, and on when it is back', async () => {
    const { data } = (await world.kube.get('Secret', world.namespace, 'ci')) as unknown as { data: object };
    await world.kube.delete('Secret', world.namespace, 'ci');
    await world.bare('secretless');
    await world.until('secretless', 'SecretNotFound');
    await world.kube.create('Secret', world.namespace, 'ci', { data });
    await world.until('secretless', 'NothingToDo');
  });

  life('Secret that it may not read', 'ClusterRefuses in the status, and on when it may', async () => {
    const { remove } = world.kubernetes.faults.add({
      matches: ({ method, path }) => method === 'GET' && path.endsWith('/secrets/databases'),
      fault: { kind: 'answer', code: 403, message: 'secrets "databases" is forbidden' },
    });
    await world.addFiles('forbidden', { '1_forbidden': 'SELECT 1' });
    await world.migrate('forbidden', 'forbidden');
    const { message } = await world.until('forbidden', 'ClusterRefuses');
    expect(message).toContain('secrets "databases" is forbidden');
    expect(await world.condition('forbidden', 'Stalled')).toMatchObject({ status: 'True' });
    remove();
    await world.until('forbidden', 'Completed');
  });

  life('password exchanged in a Secret', 'given to the gateway at the next look, nothing runs', async () => {
    const { name, url } = world.databases[0];
    const role = `owner_of_${name}`;
    const run = (sql: string) => withClient(url, (client) => client.query(sql));
    const give = async (address: string): Promise<void> => {
      const data = { a: Buffer.from(address).toString('base64') };
      await world.kube.patch('Secret', world.namespace, 'databases', { data });
    };
    const withPassword = (password: string) => Object.assign(new URL(url), { username: role, password }).href;
    /** A password is shown by nobody: the gateway has it when it gets in. */
    const isReached = () =>
      eventually(async () => expect((await world.eden.post('/endpoints/users/test', {})).status).toBe(200));
    const username = async () =>
      (await world.eden.get<{ data: { config: { username: string } } }>('/endpoints/users')).body.data.config.username;
    const before = await world.runs('shop-2');
    await run(`CREATE ROLE ${role} SUPERUSER LOGIN PASSWORD 'first'`);
    await give(withPassword('first'));
    await eventually(async () => expect(await username()).toBe(role));
    await isReached();
    await run(`ALTER ROLE ${role} PASSWORD 'second'`);
    await run(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '${role}'`);
    expect((await world.eden.post('/endpoints/users/test', {})).status).not.toBe(200);
    await give(withPassword('second'));
    await isReached();
    await give(url);
    await eventually(async () => expect(await username()).not.toBe(role));
    await world.until('shop', 'Completed');
    expect(await world.runs('shop-2')).toEqual(before);
  });

  life('check that fails', 'Refused for as long as it does, and on when it passes', async () => {
    const spec = { connectionRef: { name: 'eden' }, apis: [{ id: 'late-api', bindings: [{ template: 'late' }] }] };
    await world.kube.create('EdenMigration', world.namespace, 'checked', { spec });
    await world.until('checked', 'Refused');
    expect(await world.condition('checked', 'Stalled')).toMatchObject({ status: 'True' });
    const template = { endpoint: 'users', kind: 'Write', template: { query: 'SELECT 1', params: [] } };
    expect((await world.eden.post('/templates', { id: 'late', template })).status).toBe(200);
    await world.until('checked', 'Completed');
  });

  life('approval', 'of another robot, for this very spec', async () => {
    await world.addConnection('approver', 'approver', ['read', 'approve'], { by: await world.anotherSuperAdmin() });
    await world.addFiles('gated', { '1_gated': 'CREATE TABLE gated (id int)' });
    await world.migrate('gated', 'gated', { approval: 'Manual' });
    await world.until('gated', 'AwaitsApproval');
    const { specHash, planHash } = await world.status('gated');
    const approve = (name: string, connection: string, hash: unknown) =>
      world.kube.create('EdenMigrationApproval', world.namespace, name, {
        spec: { connectionRef: { name: connection }, migrationRef: { name: 'gated' }, specHash: hash, planHash },
      });
    await approve('own', 'eden', specHash);
    await world.until('own', 'SameSubject', 'EdenMigrationApproval');
    await approve('other-spec', 'approver', 'f'.repeat(64));
    await world.until('other-spec', 'SpecChanged', 'EdenMigrationApproval');
    expect((await world.tables())[0]).not.toContain('gated');
    await approve('right', 'approver', specHash);
    await world.until('gated', 'Completed');
    await world.until('right', 'Accepted', 'EdenMigrationApproval');
    expect(await world.migrates('gated')).toHaveLength(1);
  });

  life('another migrationId', 'refused by the API server', async () => {
    const spec = { migrationId: 'till' };
    await expect(world.kube.patch('EdenMigration', world.namespace, 'shop', { spec })).rejects.toThrow('never changes');
    await world.kube.patch('EdenMigration', world.namespace, 'shop', { spec: { migrationId: 'shop' } });
    await world.until('shop', 'Completed');
  });

  life('suspend', 'nothing is begun', async () => {
    await world.bare('suspended', { suspend: true });
    await world.until('suspended', 'Suspended');
    expect((await world.eden.get('/migrations/suspended')).status).toBe(404);
    await world.kube.patch('EdenMigration', world.namespace, 'suspended', { spec: { suspend: false } });
    await world.until('suspended', 'NothingToDo');
  });

  life('watches cut, expired', 'listed again', async () => {
    world.kubernetes.store.compact();
    world.kubernetes.cutWatches();
    await world.bare('unwatched');
    await world.until('unwatched', 'NothingToDo');
  });

  life('two operators, leader killed (-9)', 'the other goes on with the same run', async () => {
    const second = await world.startOperator();
    const first = await world.leader();
    const holding = await holdTable();
    await world.addFiles('killed', { '1_killed': 'ALTER TABLE made ADD killed int' });
    await world.migrate('killed', 'killed');
    await world.until('killed', 'Migrating');
    await operator.kill();
    await eventually(async () => expect([first, '']).not.toContain(await world.leader()));
    operator = second;
    await holding.release();
    await world.until('killed', 'Completed');
    expect(await world.migrates('killed')).toMatchObject([{ state: 'succeeded' }]);
  });

  /** A session that keeps everybody else from a table. */
  async function holdTable(): Promise<{ release: () => Promise<void> }> {
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    let isHeld = (): void => undefined;
    const held = new Promise<void>((resolve) => (isHeld = resolve));
    const done = withClient(world.databases[0].url, async (client) => {
      await client.query('BEGIN');
      await client.query('LOCK TABLE made');
      isHeld();
      await released;
      await client.query('ROLLBACK');
    });
    await held;
    return { release: () => (release(), done) };
  }

  life('leader frozen', 'the other leads; the frozen one ends when it wakes', async () => {
    const frozen = operator;
    const other = await world.startOperator();
    const leader = await world.leader();
    frozen.freeze();
    await eventually(async () => expect([leader, '']).not.toContain(await world.leader()));
    const ended = new Promise((resolve) => frozen.process.onExit(resolve));
    frozen.thaw();
    expect(await ended).toMatchObject({ code: 1 });
    operator = other;
  });

  life('leader stopped (SIGTERM)', 'gives its lease back, the next leads at once', async () => {
    const next = await world.startOperator();
    const leader = await world.leader();
    await operator.stop();
    await eventually(async () => expect([leader, '']).not.toContain(await world.leader()));
    operator = next;
  });

  life('deleted, deletionPolicy Delete', 'its migrations go with it', async () => {
    await world.bare('deleted', { deletionPolicy: 'Delete' });
    await world.until('deleted', 'NothingToDo');
    await world.kube.delete('EdenMigration', world.namespace, 'deleted');
    await gone('EdenMigration', 'deleted');
    expect((await world.eden.get('/migrations/deleted')).status).toBe(404);
  });

  async function gone(kind: string, name: string, namespace: string | null = world.namespace): Promise<void> {
    await eventually(async () => expect(await world.kube.find(kind, namespace, name)).toBeNull());
  }

  life('deleted while the gateway is away', 'gives up after its time, the migration stays', async () => {
    await world.bare('given-up', { deletionPolicy: 'Delete' });
    await world.until('given-up', 'NothingToDo');
    world.gateway.leadTo(NO_PORT);
    await world.kube.delete('EdenMigration', world.namespace, 'given-up');
    await gone('EdenMigration', 'given-up');
    world.gateway.leadTo(world.gatewayPort);
    expect((await world.eden.get('/migrations/given-up')).status).toBe(200);
    expect(await world.events('given-up')).toContain('ReleaseGivenUp');
  });

  life('namespace deleted', 'goes, although its Secret goes first', async () => {
    await world.kube.create('Namespace', null, 'goes');
    await world.addConnection('eden', 'goer', ['read', 'migrate'], { namespace: 'goes' });
    const spec = { connectionRef: { name: 'eden' }, migrationId: 'goes', deletionPolicy: 'Delete' };
    await world.kube.create('EdenMigration', 'goes', 'goes', { spec });
    await eventually(async () => {
      const { metadata, status } = await world.kube.get('EdenMigration', 'goes', 'goes');
      expect(metadata.finalizers).toEqual(['eden.dev/release']);
      expect(status).toMatchObject({ phase: 'Completed' });
    });
    await world.kube.delete('Namespace', null, 'goes');
    await gone('Namespace', 'goes', null);
  });
});
