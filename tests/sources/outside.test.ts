import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { CrashPoint, MigrationOptions, Run, SourceTool, Uuid } from '@eden/domain';
import { isFinished } from '@eden/domain';
import { consumeRun, recoverRuns } from '@eden/engine';
import { textFile, writeFolder } from '../../packages/sources/src/testing/folders.js';
import type { Draft } from '../../packages/sources/src/testing/folders.js';
import type { Folder } from './folder-world.js';
import { FolderWorld } from './folder-world.js';
import { NEVER } from '../runs/run-world.js';

const draft = (number: number, up: string, down: string): Draft => ({ number, title: `t${number}`, up, down });

const T1 = draft(1, 'CREATE TABLE t1 (id int);', 'DROP TABLE t1;');
const INDEX = draft(2, 'CREATE INDEX CONCURRENTLY i2 ON t1 (id);', 'DROP INDEX CONCURRENTLY i2;');
const T3 = draft(3, 'CREATE TABLE t3 (id int);', 'DROP TABLE t3;');
/** With the empty block for its undoing that dbmate writes into every file. */
const VACUUM: Draft = { number: 2, title: 't2', up: 'VACUUM t1;', outside: true };
const FAILING = draft(3, 'SELECT 1 / 0;', '');
const LAST_INDEX = draft(4, 'CREATE INDEX CONCURRENTLY i4 ON t1 (id);', 'DROP INDEX i4;');

let world: FolderWorld;

beforeAll(async () => {
  world = await FolderWorld.create(2);
});

afterAll(() => world.close());

const folder = (tool: SourceTool, ...drafts: readonly Draft[]): Folder => ({ tool, files: writeFolder(tool, drafts) });

async function valid(at: number, index: string): Promise<unknown> {
  const found = await world.query(at, `SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('${index}')`);
  return found[0]?.['indisvalid'] ?? 'absent';
}

async function rows(): Promise<number[]> {
  const dbmate = await world.query(0, 'SELECT version FROM schema_migrations');
  const prisma = await world.query(1, 'SELECT migration_name FROM _prisma_migrations WHERE finished_at IS NOT NULL');
  return [dbmate.length, prisma.length];
}

// Protocol: I35
describe('files that cannot be in a transaction, of two tools', () => {
  it('build an index on a table of the same run inside it, plainly, also under strict', async () => {
    await world.migration('first', [
      folder('dbmate', T1, draft(2, 'CREATE INDEX CONCURRENTLY early ON t1 (id);', '')),
      folder('prisma', T1),
    ]);
    expect(await world.run('first', 'sync')).toMatchObject({ state: 'succeeded', error: null });
    expect(await world.run('first', 'migrate')).toMatchObject({ state: 'succeeded', error: null });
    expect(await valid(0, 'early')).toBe(true);
    expect(await rows()).toEqual([2, 1]);
    await world.query(0, "DROP INDEX early; DELETE FROM schema_migrations WHERE version NOT LIKE '%1'");
  });

  it('are undone with their rows when the transaction fails', async () => {
    await world.migration('second', [folder('dbmate', T1, INDEX, T3), folder('prisma', T1, FAILING)], {
      atomicity: 'best',
    });
    expect(await world.run('second', 'sync')).toMatchObject({ state: 'succeeded', error: null });
    expect(await world.run('second', 'migrate')).toMatchObject({ state: 'failed' });
    expect(await valid(0, 'i2')).toBe('absent');
    expect(await rows()).toEqual([1, 1]);
  });

  it('keep the row of what nothing takes back', async () => {
    await world.put('second', 0, folder('dbmate', T1, VACUUM, T3));
    expect(await world.run('second', 'sync')).toMatchObject({ state: 'succeeded', error: null });
    const run = await world.run('second', 'migrate');
    expect(run).toMatchObject({ state: 'failed' });
    const organization = world.runs.deps.store.organization(world.runs.subject.organizationUuid);
    expect((await organization.outsideSteps(run.uuid)).map(({ state }) => state)).toEqual(['left']);
    expect(await rows()).toEqual([2, 1]);
    await world.query(0, "DELETE FROM schema_migrations WHERE version LIKE '%2'");
  });

  it('are left where they had run before in another version, whose undoing would take that away as well', async () => {
    const table = 'again.history';
    const view = (n: number): Folder => {
      const up = textFile('R__v.sql', `CREATE OR REPLACE VIEW v AS SELECT ${n} AS n;`);
      const outside = textFile('R__v.sql.conf', 'executeInTransaction=false\n');
      return {
        tool: 'flyway',
        files: [up, outside, textFile('undo/R__v.sql', 'DROP VIEW v;')],
        options: { table, rollback: 'undo' },
      };
    };
    await world.migration('view-1', [view(1)], { atomicity: 'best' });
    await world.migration('view-2', [view(2), { ...folder('dbmate', FAILING), options: { table } }], {
      atomicity: 'best',
    });
    const migrate = async (id: string) => {
      expect(await world.run(id, 'sync')).toMatchObject({ state: 'succeeded', error: null });
      return (await world.run(id, 'migrate')).state;
    };
    expect([await migrate('view-1'), await migrate('view-2')]).toEqual(['succeeded', 'failed']);
    expect(await world.query(0, 'SELECT n FROM v')).toEqual([{ n: 2 }]);
  });

  it('run before and after it, each with the row that its tool would have written', async () => {
    const last = { ...LAST_INDEX, number: 3 };
    await world.put('second', 0, folder('dbmate', T1, INDEX, T3));
    await world.put('second', 1, folder('prisma', T1, draft(2, 'CREATE TABLE t2 (id int);', ''), last));
    expect(await world.run('second', 'sync')).toMatchObject({ state: 'succeeded', error: null });
    const run = await world.run('second', 'migrate');
    expect(run).toMatchObject({ state: 'succeeded', error: null });
    expect([await valid(0, 'i2'), await valid(1, 'i4')]).toEqual([true, true]);
    expect(await rows()).toEqual([3, 3]);
    const organization = world.runs.deps.store.organization(world.runs.subject.organizationUuid);
    expect((await organization.outsideSteps(run.uuid)).map(({ phase, state }) => [phase, state])).toEqual([
      ['before', 'done'],
      ['after', 'done'],
    ]);
  });

  it('in between cut the plan: each part commits with its rows, and the next migration goes on', async () => {
    const [t5, t7] = [5, 7].map((n) => draft(n, `CREATE TABLE t${n} (id int);`, `DROP TABLE t${n};`)) as [Draft, Draft];
    const between = draft(6, 'CREATE INDEX CONCURRENTLY i6 ON t1 (id);', 'DROP INDEX i6;');
    const whole = folder('dbmate', T1, INDEX, T3, t5, between, t7);
    await world.migration('strict', [whole]);
    const refused = await world.run('strict', 'sync');
    expect(JSON.stringify(refused.error)).toMatch(
      /\\"concurrently\\": \\"inline\\", or set \\"atomicity\\": \\"best\\"/,
    );
    for (const [id, parts, applied] of [
      ['third', 1, 5],
      ['fourth', 0, 6],
    ] as const) {
      await world.migration(id, [whole], { atomicity: 'best' });
      expect(await world.run(id, 'sync')).toMatchObject({ state: 'succeeded', error: null });
      const organization = world.runs.deps.store.organization(world.runs.subject.organizationUuid);
      const plan = await organization.plan((await organization.migration(id)).uuid);
      expect(plan?.laterParts ?? []).toHaveLength(parts);
      expect(await world.run(id, 'migrate')).toMatchObject({ state: 'succeeded', error: null });
      expect([await valid(0, 'i6'), (await rows())[0]]).toEqual([true, applied]);
    }
  });
});

const TOOLS = ['dbmate', 'prisma', 'flyway'] as const;
const INDEX_LAST = draft(3, 'CREATE INDEX CONCURRENTLY i3 ON t1 (id);', 'DROP INDEX CONCURRENTLY i3;');
const T2 = draft(2, 'CREATE TABLE t2 (id int);', 'DROP TABLE t2;');

// Protocol: I35
describe('a rollback of files that cannot be taken back in a transaction', () => {
  let back: FolderWorld;
  let count = 0;

  beforeAll(async () => {
    back = await FolderWorld.create(TOOLS.length, { LOCK_TTL_MS: '3000' });
  });

  afterAll(() => back.close());

  /** Index before the table in the first database, behind it in the others: taken back in the reverse order. */
  async function applied(last = T2, options: MigrationOptions = { atomicity: 'best' }): Promise<string> {
    for (const at of TOOLS.keys()) {
      await back.query(at, 'DROP SCHEMA public CASCADE; CREATE SCHEMA public');
    }
    count += 1;
    const all = TOOLS.map((tool, at) =>
      folder(tool, T1, ...(at === 0 ? [INDEX, T3] : [at === 2 ? last : T2, INDEX_LAST])),
    );
    await back.migration(
      `base-${count}`,
      TOOLS.map((tool) => folder(tool, T1)),
    );
    await back.migration(`files-${count}`, all, options);
    for (const id of [`base-${count}`, `files-${count}`]) {
      expect(await back.run(id, 'sync')).toMatchObject({ state: 'succeeded', error: null });
      expect(await back.run(id, 'migrate')).toMatchObject({ state: 'succeeded', error: null });
    }
    return `files-${count}`;
  }

  async function found(): Promise<readonly unknown[]> {
    const files = [
      'SELECT version FROM schema_migrations ORDER BY 1',
      'SELECT migration_name FROM _prisma_migrations WHERE rolled_back_at IS NULL ORDER BY started_at',
      'SELECT version FROM flyway_schema_history WHERE success ORDER BY installed_rank',
    ].map(async (query, at) =>
      (await back.query(at, query)).map((row) => String(Object.values(row)[0]).replace(/_.*/, '').at(-1)),
    );
    const built = TOOLS.map(async (_, at) => (await back.query(at, BUILT)).map(({ name }) => name));
    return [await Promise.all(files), await Promise.all(built)];
  }

  const BUILT =
    "SELECT c.relname AS name FROM pg_index i JOIN pg_class c ON c.oid = indexrelid WHERE c.relname IN ('i2', 'i3') AND indisvalid";
  const APPLIED = [Array(3).fill(['1', '2', '3']), [['i2'], ['i3'], ['i3']]];
  const TAKEN_BACK = [Array(3).fill(['1']), [[], [], []]];

  const stateOf = async (id: string): Promise<string> => {
    const { store } = back.runs.deps;
    return (await store.organization(back.runs.subject.organizationUuid).migration(id)).state;
  };

  /** As workers do that take over what others have left. */
  async function finish(uuid: Uuid): Promise<Run> {
    const deps = back.runs.worker();
    for (;;) {
      const run = await back.runs.run(uuid);
      if (isFinished(run.state)) return run;
      await consumeRun(deps, uuid, NEVER);
      await recoverRuns(deps, NEVER);
    }
  }

  it('does that before and after its transaction, each with its row', async () => {
    const id = await applied();
    expect(await found()).toEqual(APPLIED);
    const run = await back.run(id, 'rollback');
    expect(run).toMatchObject({ state: 'succeeded', error: null });
    expect([await found(), await stateOf(id)]).toEqual([TAKEN_BACK, 'Rolled Back']);
    const { store } = back.runs.deps;
    const steps = await store.organization(back.runs.subject.organizationUuid).outsideSteps(run.uuid);
    expect(steps.map((step) => [step.phase, step.class, step.state]).sort()).toEqual([
      ['after', 'compensable', 'done'],
      ['before', 'compensable', 'done'],
      ['before', 'compensable', 'done'],
    ]);
    await back.run(id, 'sync');
    expect(await back.run(id, 'migrate')).toMatchObject({ state: 'succeeded', error: null });
    expect(await found()).toEqual(APPLIED);
  });

  it.each<CrashPoint>(['before-step', 'after-step', 'after-start', 'after-decide', 'before-complete'])(
    'through a crash at %s is done to its end',
    async (point) => {
      const id = await applied();
      const uuid = await back.runs.request(id, 'rollback');
      await back.runs.dieAt(point, uuid);
      expect(await finish(uuid)).toMatchObject({ state: 'succeeded', error: null });
      expect([await found(), await stateOf(id)]).toEqual([TAKEN_BACK, 'Rolled Back']);
    },
  );

  const STUCK = draft(2, 'CREATE TABLE t2 (id int);', 'SELECT 1 / 0;');

  it.each<CrashPoint>(['before-finish-abort', 'before-compensation', 'after-compensation'])(
    'that fails applies them again, with their rows, through a crash at %s',
    async (point) => {
      const id = await applied(STUCK);
      const uuid = await back.runs.request(id, 'rollback');
      await back.runs.dieAt(point, uuid);
      expect(await finish(uuid)).toMatchObject({
        state: 'failed',
        error: { code: 'MIGRATION_EXECUTION_FAILED' },
      });
      expect([await found(), await stateOf(id)]).toEqual([APPLIED, 'Completed']);
    },
  );

  it('is refused where a later file came in between its steps and its transaction', async () => {
    const id = await applied();
    const uuid = await back.runs.request(id, 'rollback');
    const worker = back.runs.worker(async (point, number) => {
      if (point !== 'after-step' || number !== 0) return;
      await back.query(0, "INSERT INTO schema_migrations VALUES ('20270101000000')");
    });
    expect(await back.runs.finish(uuid, worker)).toMatchObject({
      state: 'failed',
      error: { code: 'ROLLBACK_REFUSED' },
    });
    await back.query(0, "DELETE FROM schema_migrations WHERE version LIKE '2027%'");
    expect([await found(), await stateOf(id)]).toEqual([APPLIED, 'Completed']);
  });

  it('leaves CONCURRENTLY out where the file ran without it, also under strict', async () => {
    const early = draft(2, 'CREATE INDEX CONCURRENTLY i2 ON t1 (id);', 'DROP INDEX CONCURRENTLY i2;');
    for (const at of TOOLS.keys()) await back.query(at, 'DROP SCHEMA public CASCADE; CREATE SCHEMA public');
    await back.migration('inline', [folder('dbmate', T1, early, T3)]);
    for (const kind of ['sync', 'migrate', 'rollback'] as const) {
      expect(await back.run('inline', kind)).toMatchObject({ state: 'succeeded', error: null });
    }
    expect(await back.query(0, 'SELECT version FROM schema_migrations')).toEqual([]);
  });

  it('has files of which each has run for as long as its history says', async () => {
    const slow = draft(3, 'CREATE INDEX CONCURRENTLY i3 ON t1 (id); SELECT pg_sleep(0.03);', '');
    await applied();
    for (const at of [1, 2]) await back.query(at, 'DROP SCHEMA public CASCADE; CREATE SCHEMA public');
    await back.migration('slow-base', [folder('dbmate', T1, INDEX, T3), folder('prisma', T1), folder('flyway', T1)]);
    await back.migration(
      'slow',
      TOOLS.map((tool) => (tool === 'dbmate' ? folder(tool, T1, INDEX, T3) : folder(tool, T1, T2, slow))),
      {
        atomicity: 'best',
      },
    );
    for (const id of ['slow-base', 'slow']) {
      for (const kind of ['sync', 'migrate'] as const) {
        expect(await back.run(id, kind)).toMatchObject({ state: 'succeeded', error: null });
      }
    }
    const [flyway] = await back.query(2, "SELECT execution_time AS ms FROM flyway_schema_history WHERE version = '3'");
    expect(flyway?.['ms']).toBeGreaterThanOrEqual(30);
    const prisma = await back.query(
      1,
      `SELECT right(split_part(migration_name, '_', 1), 1) AS file, finished_at > started_at AS took
         FROM _prisma_migrations ORDER BY started_at`,
    );
    expect(prisma).toEqual(['1', '2', '3'].map((file) => ({ file, took: true })));
  });
});
