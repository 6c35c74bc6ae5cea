import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  createApi,
  createEndpoint,
  createTemplate,
  executeApi,
  executeTemplate,
  findDrift,
  pauseRun,
  resumeRun,
  testEndpoint,
  tuneRun,
  updateApi,
} from '@eden/coordinator';
import type { CrashPoint, JsonObject, MigrationOptions, Run, Uuid } from '@eden/domain';
import { EdenError } from '@eden/domain';
import { consumeRun, recoverRuns } from '@eden/engine';
import type { MariaDbDatabase, MariaDbServer } from '@eden/testkit';
import {
  createMariaDbDatabase,
  eventually,
  hasMariaDb,
  preparedInMariaDb,
  startMariaDb,
  withMariaDb,
} from '@eden/testkit';
import type { Step } from './run-world.js';
import { NEVER, RunWorld } from './run-world.js';

const describeMariaDb = hasMariaDb() ? describe : describe.skip;

/** The number of the MariaDB database among those of the world; 0 and 1 are PostgreSQL's. */
const MARIA = 2;

describeMariaDb('a migration over PostgreSQL and MariaDB at once', () => {
  let world: RunWorld;
  let server: MariaDbServer;
  let database: MariaDbDatabase;
  let migrations = 0;

  beforeAll(async () => {
    [world, server] = await Promise.all([RunWorld.create({ LOCK_TTL_MS: '3000' }), startMariaDb()]);
    database = await createMariaDbDatabase(server);
    const endpoint = { id: `db-${MARIA}`, kind: 'MySQL', description: null, config: { url: database.url } } as const;
    await createEndpoint(world.deps, world.subject, endpoint);
  });

  afterAll(() => world.close());

  beforeEach(async () => {
    await world.query(0, 'DROP TABLE IF EXISTS counter; CREATE TABLE counter AS SELECT 0 AS n');
    await maria('CREATE OR REPLACE TABLE counter (n int PRIMARY KEY)');
    await maria('INSERT INTO counter VALUES (0)');
  });

  function maria<Row>(sql: string): Promise<readonly Row[]> {
    return withMariaDb(server, (query) => query<Row>(sql), database.name);
  }

  const count = (at: number): Step => ({
    database: at,
    query: 'UPDATE counter SET n = n + 1',
    rollback: 'UPDATE counter SET n = n - 1',
  });

  async function counters(): Promise<readonly unknown[]> {
    const rows = [
      ...(await world.query(0, 'SELECT n FROM counter')),
      ...(await maria<{ n: number }>('SELECT n FROM counter')),
    ];
    return rows.map(({ n }) => n);
  }

  function prepared(): Promise<readonly string[]> {
    return withMariaDb(server, preparedInMariaDb);
  }

  async function migration(steps: readonly Step[] = [count(0), count(MARIA)]): Promise<string> {
    const id = `maria${(migrations += 1)}`;
    await world.migration(id, steps);
    return id;
  }

  async function recovered(run: Uuid): Promise<Run> {
    await eventually(async () => {
      await recoverRuns(world.worker(), NEVER);
      expect((await world.run(run)).state).toMatch(/succeeded|failed|queued/);
    });
    return world.finish(run);
  }

  it('has an endpoint that says what it can do, and keeps its secret', async () => {
    const report = await testEndpoint(world.deps, world.subject, `db-${MARIA}`);
    expect(report).toMatchObject({
      connected: true,
      latencyMs: expect.any(Number),
      serverVersion: expect.stringMatching(/MariaDB/),
      atomicity: 'atomic',
      preparing: { possible: true, reasons: [] },
    });
    expect(JSON.stringify(report)).not.toContain(database.password);
  });

  // Protocol: I5
  it('commits in both and is rolled back in both', async () => {
    const id = await migration();
    expect(await world.finish(await world.request(id))).toMatchObject({ state: 'succeeded' });
    expect(await counters()).toEqual([1, 1]);
    expect(await world.finish(await world.request(id, 'rollback'))).toMatchObject({ state: 'succeeded' });
    expect(await counters()).toEqual([0, 0]);
    expect(await prepared()).toEqual([]);
  });

  // Protocol: I36
  it('is rehearsed in both, which leaves nothing, and its drift is told', async () => {
    const id = await migration();
    const run = await world.finish(await world.request(id, 'sync', { rehearse: true }));
    expect(run).toMatchObject({ state: 'succeeded' });
    expect(await counters()).toEqual([0, 0]);
    expect(await prepared()).toEqual([]);
    expect((await world.apis(run.uuid)).map(({ state }) => state)).toEqual(['rolled_back', 'rolled_back']);
    expect(await findDrift(world.deps, world.subject, id)).toEqual([]);
    await maria('ALTER TABLE counter ADD COLUMN more int');
    expect(await findDrift(world.deps, world.subject, id)).toMatchObject([
      { endpoint: `db-${MARIA}`, object: 'column counter.more', change: 'added', before: null },
    ]);
  });

  it.each([
    ['MariaDB', [count(0), { database: MARIA, query: 'INSERT INTO counter VALUES (0)' }]],
    ['PostgreSQL', [{ database: 0, query: 'SELECT 1 / n FROM counter' }, count(MARIA)]],
  ] as const)('changes neither when %s fails', async (_, steps) => {
    const run = await world.finish(await world.request(await migration(steps)));
    expect(run).toMatchObject({ state: 'failed', error: { code: 'MIGRATION_EXECUTION_FAILED' } });
    expect(await counters()).toEqual([0, 0]);
    expect(await prepared()).toEqual([]);
  });

  const POINTS: readonly CrashPoint[] = [
    'after-begin',
    'after-bindings',
    'after-prepare',
    'before-decide',
    'after-decide',
    'after-commit-prepared',
    'before-complete',
  ];

  // Protocol: I11
  it.each(POINTS)('is whole when its worker is gone at %s', async (point) => {
    const run = await world.request(await migration());
    await consumeRun(world.dying(point), run, NEVER);
    expect(await recovered(run)).toMatchObject({ state: 'succeeded' });
    expect(await counters()).toEqual([1, 1]);
    expect(await prepared()).toEqual([]);
  });

  const ALTER: Step = {
    database: MARIA,
    query: 'ALTER TABLE counter ADD COLUMN m int, ADD INDEX (n)',
    rollback: 'ALTER TABLE counter DROP COLUMN m, DROP INDEX n',
  };

  /** As workers do until the run has ended. */
  async function ended(run: Uuid): Promise<Run> {
    for (;;) {
      const now = await world.run(run);
      if (/succeeded|failed|in_doubt/.test(now.state)) return now;
      await consumeRun(world.worker(), run, NEVER);
      await recoverRuns(world.worker(), NEVER);
    }
  }

  async function changed(steps: readonly Step[]): Promise<Uuid> {
    const id = `maria${(migrations += 1)}`;
    await world.migration(id, steps, undefined, { atomicity: 'best' });
    return world.request(id);
  }

  async function found(): Promise<readonly unknown[]> {
    const columns = await maria("SHOW COLUMNS FROM counter LIKE 'm'");
    const indexes = await maria("SHOW INDEX FROM counter WHERE Key_name <> 'PRIMARY'");
    return [...(await counters()), columns.length, indexes.length];
  }

  it('refuses a change of the schema in MariaDB under strict, and says what would be done', async () => {
    await expect(migration([count(0), ALTER])).rejects.toThrow(
      /best\\" it runs before the atomic part, and when the run fails, ALTER TABLE .* takes it back/,
    );
  });

  // Protocol: I35
  it.each<CrashPoint>(['before-step', 'after-step', 'after-start', 'after-decide'])(
    'changes the schema of MariaDB before its atomic part, once, also when its worker is gone at %s',
    async (point) => {
      const run = await changed([ALTER, count(MARIA), count(0)]);
      await dieAt(point, run);
      expect(await ended(run)).toMatchObject({ state: 'succeeded' });
      expect(await found()).toEqual([1, 1, 1, 1]);
    },
  );

  // Protocol: I35
  it.each<CrashPoint>(['before-finish-abort', 'before-compensation', 'after-compensation'])(
    'takes it back when the atomic part fails, also when its worker is gone at %s',
    async (point) => {
      const run = await changed([ALTER, count(MARIA), { database: 0, query: 'SELECT 1 / n FROM counter' }]);
      await dieAt(point, run);
      expect(await ended(run)).toMatchObject({ state: 'failed', error: { code: 'MIGRATION_EXECUTION_FAILED' } });
      expect(await found()).toEqual([0, 0, 0, 0]);
      expect(await prepared()).toEqual([]);
    },
  );

  // Protocol: I35
  it('changes it after the commit where that comes last, and changes it back before a rollback', async () => {
    const run = await changed([count(0), count(MARIA), { ...ALTER, stage: 1 }]);
    expect(await ended(run)).toMatchObject({ state: 'succeeded' });
    expect(await found()).toEqual([1, 1, 1, 1]);
    const rollback = await world.request(`maria${migrations}`, 'rollback');
    await dieAt('after-step', rollback);
    expect(await ended(rollback)).toMatchObject({ state: 'succeeded' });
    expect(await found()).toEqual([0, 0, 0, 0]);
  });

  /** One worker does whatever there is to do until it is gone. */
  async function dieAt(point: CrashPoint, run: Uuid): Promise<void> {
    let isGone = false;
    const worker = world.dying(point);
    const reach = async (reached: CrashPoint, participant?: number) => {
      isGone ||= reached === point;
      await worker.crashPoints.reach(reached, participant);
    };
    const dying = { ...worker, crashPoints: { reach } };
    while (!isGone) {
      await consumeRun(dying, run, NEVER).catch(() => undefined);
      if (!isGone) await recoverRuns(dying, NEVER).catch(() => undefined);
      expect((await world.run(run)).state).not.toMatch(/succeeded|failed|in_doubt/);
    }
  }

  // Protocol: I6
  it('holds executions of its APIs off while it is undecided, without the lock masters', async () => {
    const id = `maria${(migrations += 1)}`;
    const api = `${id}-1`;
    await world.migration(id, [count(0), count(MARIA)], () => givesRows(api));
    const run = await world.request(id);
    await consumeRun(world.dying('before-decide'), run, NEVER);
    const [xid] = await prepared();
    await expect(read(api)).rejects.toMatchObject({
      code: 'LOCK_TIMEOUT',
      context: { blockers: [{ pid: null, prepared_id: expect.stringMatching(/^eden_/) }] },
    });
    expect(xid).toBeDefined();
    await recovered(run);
    const data = await executeApi(world.deps, world.subject, api, {});
    expect(Object.values(data)).toMatchObject([{ rows: [{ n: 1 }] }]);
  });

  const COPY: Step = {
    database: MARIA,
    query:
      'INSERT INTO copied SELECT id FROM source WHERE id > {{batch.after}} ORDER BY id LIMIT {{batch.size}} RETURNING id',
    rollback: 'DELETE FROM copied',
    batch: { size: 100, commit: 'each' },
    outputs: { copied: 'row_count' },
  };
  /** Where nothing is returned by what changes: the last statement gives the keys. */
  const MARK: Step = {
    ...COPY,
    query: `UPDATE source SET marked = marked + 1 WHERE id > {{batch.after}} ORDER BY id LIMIT {{batch.size}};
      SELECT id FROM source WHERE id > {{batch.after}} ORDER BY id LIMIT {{batch.size}}`,
    rollback: 'UPDATE source SET marked = 0',
  };

  async function filled(steps: readonly Step[], backfill: MigrationOptions['backfill'] = {}): Promise<Uuid> {
    await maria('CREATE OR REPLACE TABLE source (id int PRIMARY KEY, marked int NOT NULL)');
    await maria('INSERT INTO source SELECT seq, 0 FROM seq_1_to_1050');
    // No key: a row that is copied twice is there twice.
    await maria('CREATE OR REPLACE TABLE copied (id int)');
    const id = `maria${(migrations += 1)}`;
    await world.migration(id, steps, undefined, { atomicity: 'best', backfill });
    return world.request(id);
  }

  async function copied(): Promise<{ readonly rows: number; readonly once: boolean }> {
    const [row] = await maria<{ n: number; once: number }>(
      'SELECT COUNT(*) AS n, COUNT(*) = COUNT(DISTINCT id) AS once FROM copied',
    );
    return { rows: Number(row?.n), once: row?.once === 1 };
  }

  // Protocol: I35
  it('fills a table of MariaDB in batches that commit one by one, each row once, however often its worker is gone', async () => {
    const run = await filled([COPY, count(MARIA), count(0)], { max_rows_per_second: 1_000_000 });
    for (let deaths = 0; deaths < 3; deaths += 1) {
      await dieAt('after-batch', run);
      expect(await copied()).toEqual({ rows: 100 * (deaths + 1), once: true });
    }
    expect(await ended(run)).toMatchObject({ state: 'succeeded', error: null });
    expect(await copied()).toEqual({ rows: 1_050, once: true });
    expect(await counters()).toEqual([1, 1]);
    const [step] = await world.deps.store.organization(world.subject.organizationUuid).outsideSteps(run);
    expect(step).toMatchObject({ class: 'batched', state: 'done', outputs: { copied: 1_050 } });
  });

  // Protocol: I35
  it('fills it by a statement that returns nothing and one that gives the keys, and takes it back when the run fails', async () => {
    expect(await ended(await filled([MARK]))).toMatchObject({ state: 'succeeded' });
    const marks = 'SELECT MIN(marked) AS least, MAX(marked) AS most FROM source';
    expect(await maria(marks)).toEqual([{ least: 1, most: 1 }]);
    const failing = [MARK, COPY, { database: 0, query: 'SELECT 1 / 0' }];
    expect(await ended(await filled(failing))).toMatchObject({ state: 'failed' });
    expect([await maria(marks), await copied()]).toEqual([[{ least: 0, most: 0 }], { rows: 0, once: true }]);
  });

  it('is paused between batches in MariaDB, and goes on from there', async () => {
    const run = await filled([COPY], { max_rows_per_second: 100 });
    const running = consumeRun(world.worker(), run, NEVER);
    await eventually(async () => expect((await copied()).rows).toBeGreaterThan(0));
    expect(await pauseRun(world.deps, world.subject, `maria${migrations}`)).toMatchObject({ state: 'paused' });
    await running;
    const before = await copied();
    expect(before.rows).toBeLessThan(1_050);
    await tuneRun(world.deps, world.subject, run, { max_rows_per_second: null });
    await resumeRun(world.deps, world.subject, `maria${migrations}`);
    expect(await copied()).toEqual(before);
    expect(await ended(run)).toMatchObject({ state: 'succeeded' });
    expect(await copied()).toEqual({ rows: 1_050, once: true });
  });

  /** The API reads what the migration changes. */
  async function givesRows(api: string): Promise<void> {
    await createTemplate(world.deps, world.subject, {
      id: `${api}-read`,
      description: null,
      endpoint: `db-${MARIA}`,
      kind: 'Read',
      body: { query: 'SELECT n FROM counter' },
      settings: {},
    });
    await updateApi(world.deps, world.subject, api, { bindings: [{ template: `${api}-read`, fields: {} }] });
  }

  /** As where the quorum is away: behind the gate alone. */
  async function read(api: string): Promise<unknown> {
    const locks = { ...world.deps.locks, read: () => Promise.reject(new EdenError('SERVICE_UNAVAILABLE')) };
    const deps = { ...world.deps, locks, settings: { ...world.deps.settings, lockTimeoutMs: 100 } };
    const data = await executeApi(deps, world.subject, api, {});
    return (Object.values(data)[0] as JsonObject)['rows'];
  }

  it('runs templates and APIs of MariaDB by themselves, whose values change no statement', async () => {
    const wild = `'; DROP TABLE counter; -- \\' " \` /*! */ é 𝒳`;
    await createTemplate(world.deps, world.subject, {
      id: 'echo',
      description: null,
      endpoint: `db-${MARIA}`,
      kind: 'Read',
      body: { query: "SELECT {{x}} AS value, '-{{x}}-' AS text, ? AS param", params: ['{{x}}'] },
      settings: {},
    });
    const expected = [{ value: wild, text: `-${wild}-`, param: wild }];
    expect((await executeTemplate(world.deps, world.subject, 'echo', { x: wild })).rows).toEqual(expected);
    await createApi(world.deps, world.subject, {
      id: 'echo',
      description: null,
      fields: [{ name: 'x', type: 'String', required: true }],
      bindings: [{ template: 'echo', fields: { x: 'x' } }],
    });
    const data = await executeApi(world.deps, world.subject, 'echo', { x: wild });
    expect(Object.values(data)).toMatchObject([{ rows: expected }]);
  });
});
