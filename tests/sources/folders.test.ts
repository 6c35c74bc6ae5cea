import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { deleteSource, describeSource, inspectSource, putSource, updateMigration } from '@eden/coordinator';
import type { FolderFile, Plan, Run, SourceTool } from '@eden/domain';
import { withClient } from '@eden/testkit';
import { textFile, writeFolder } from '../../packages/sources/src/testing/folders.js';
import type { Draft } from '../../packages/sources/src/testing/folders.js';
import { FolderWorld } from './folder-world.js';

const TOOLS = ['dbmate', 'prisma', 'flyway', 'drizzle'] as const satisfies readonly SourceTool[];

const draft = (number: number, more: Partial<Draft> = {}): Draft => ({
  number,
  title: `t${number}`,
  up: `CREATE TABLE t${number} (id int);`,
  down: `DROP TABLE t${number};`,
  ...more,
});

const THREE = [draft(1), draft(2), draft(3)];
const FAILING = [draft(1), draft(2), draft(3, { up: 'CREATE TABLE t3 (id int);\n\nSELECT 1 / 0;' })];

let world: FolderWorld;

beforeAll(async () => {
  world = await FolderWorld.create(4);
});

afterAll(() => world.close());

function folders(failing: number | null): { tool: SourceTool; files: FolderFile[] }[] {
  return TOOLS.map((tool, at) => ({ tool, files: writeFolder(tool, at === failing ? FAILING : THREE) }));
}

function expectState({ state, error }: Run, expected: Run['state']): void {
  expect({ state, error: expected === 'failed' ? undefined : error }).toEqual({
    state: expected,
    error: expected === 'failed' ? undefined : null,
  });
}

async function statesOf(migration: string, at: number, live = false): Promise<(string | null)[]> {
  const { deps, subject } = world.runs;
  const organization = deps.store.organization(subject.organizationUuid);
  const found = await organization.migration(migration);
  const source = await organization.source(found.uuid, `shop-${at}`);
  const { statuses } = live
    ? await inspectSource(deps, organization, source)
    : await describeSource(organization, found, source);
  return (statuses ?? []).map(({ state }) => state);
}

async function planOf(id: string): Promise<Plan | null> {
  const { deps, subject } = world.runs;
  const organization = deps.store.organization(subject.organizationUuid);
  return organization.plan((await organization.migration(id)).uuid);
}

const HISTORIES = [
  'SELECT version FROM schema_migrations',
  'SELECT migration_name FROM _prisma_migrations',
  'SELECT script FROM flyway_schema_history',
  'SELECT hash FROM drizzle.__drizzle_migrations',
];

describe('four databases, four tools', () => {
  it('one file fails: none of them has changed, and no history is there', async () => {
    await world.migration('release', folders(2));
    expectState(await world.run('release', 'sync'), 'succeeded');
    const run = await world.run('release', 'migrate');
    expectState(run, 'failed');
    expect(run.error).toMatchObject({
      code: 'MIGRATION_EXECUTION_FAILED',
      context: { errors: [{ api_id: 'release.shop-2', binding: 2, file: 'V3__t3.sql', sqlstate: '22012', line: 3 }] },
    });
    for (const at of TOOLS.keys()) {
      expect(await world.tables(at)).toEqual([]);
      await expect(world.query(at, HISTORIES[at] ?? '')).rejects.toMatchObject({ code: '42P01' });
    }
  });

  // Protocol: I37
  it('mended: all of them, with the rows that each tool would have written', async () => {
    await world.put('release', 2, folders(null)[2]!);
    expectState(await world.run('release', 'sync'), 'succeeded');
    expectState(await world.run('release', 'migrate'), 'succeeded');
    for (const at of TOOLS.keys()) {
      expect(await world.tables(at)).toEqual(['t1', 't2', 't3']);
      expect(await statesOf('release', at)).toEqual(['applied', 'applied', 'applied']);
      expect(await statesOf('release', at, true)).toEqual(['applied', 'applied', 'applied']);
      expect(await world.query(at, HISTORIES[at] ?? '')).toHaveLength(3);
    }
    expect(
      await world.query(2, 'SELECT installed_rank, version, checksum, success FROM flyway_schema_history'),
    ).toEqual([
      { installed_rank: 1, version: '1', checksum: -1030005526, success: true },
      expect.objectContaining({ installed_rank: 2, version: '2' }),
      expect.objectContaining({ installed_rank: 3, version: '3' }),
    ]);
  });

  it('the next release has only the new file to run, and again nothing after it', async () => {
    const four = TOOLS.map((tool) => ({ tool, files: writeFolder(tool, [...THREE, draft(4)]) }));
    await world.migration('next', four);
    expectState(await world.run('next', 'sync'), 'succeeded');
    const run = await world.run('next', 'migrate');
    expectState(run, 'succeeded');
    const { deps, subject } = world.runs;
    const apis = await deps.store.organization(subject.organizationUuid).runApis(run.uuid);
    expect(apis.map(({ bindings }) => bindings.length)).toEqual([1, 1, 1, 1]);
    expect(apis[0]?.bindings).toMatchObject([{ template: null, state: 'succeeded', file: { source: 'shop-0' } }]);
    await world.migration('nothing', four);
    expectState(await world.run('nothing', 'sync'), 'succeeded');
    expectState(await world.run('nothing', 'migrate'), 'succeeded');
    for (const at of TOOLS.keys()) expect(await statesOf('nothing', at)).toEqual(Array(4).fill('applied'));
  });
});

describe('a folder that its database does not fit', () => {
  it('is refused at sync with a list, and says what its files are', async () => {
    const changed = writeFolder('prisma', [draft(1, { up: 'SELECT 1;' }), draft(2), draft(3), draft(4)]);
    await world.migration('edited', [
      { tool: 'dbmate', files: writeFolder('dbmate', THREE) },
      { tool: 'prisma', files: changed },
    ]);
    const run = await world.run('edited', 'sync');
    expect(run).toMatchObject({
      state: 'failed',
      error: {
        code: 'SOURCE_REFUSED',
        context: { source: 'shop-1', problems: [{ path: '20260101000001_t1/migration.sql' }] },
      },
    });
    expect(await statesOf('edited', 1)).toEqual(['changed', 'applied', 'applied', 'applied']);
  });

  // Protocol: I37
  it('fails with SOURCE_CHANGED when the history changes behind the plan, and changes nothing', async () => {
    await world.migration('raced', [{ tool: 'dbmate', files: writeFolder('dbmate', [...THREE, draft(4), draft(5)]) }]);
    expectState(await world.run('raced', 'sync'), 'succeeded');
    await world.query(0, "INSERT INTO schema_migrations VALUES ('99990101000000')");
    const run = await world.run('raced', 'migrate');
    expect(run).toMatchObject({ state: 'failed', error: { code: 'SOURCE_CHANGED', context: { source: 'shop-0' } } });
    expect(await world.tables(0)).toEqual(['t1', 't2', 't3', 't4']);
    await world.query(0, "DELETE FROM schema_migrations WHERE version LIKE '9999%'");
  });

  it('is refused where a file cannot be in a transaction, with the ways out, and taken with "inline"', async () => {
    const index = draft(5, { up: 'CREATE INDEX CONCURRENTLY i5 ON t1 (id);', down: 'DROP INDEX i5;' });
    const files = writeFolder('dbmate', [...THREE, draft(4), index]);
    await world.migration('index', [{ tool: 'dbmate', files }]);
    const refused = await world.run('index', 'sync');
    expect(refused.error).toMatchObject({ code: 'ATOMICITY_REFUSED' });
    expect(String(refused.error?.context['reasons'])).toMatch(/t5.*"atomicity": "best".*"concurrently": "inline"/);
    await world.put('index', 0, { tool: 'dbmate', files, options: { concurrently: 'inline' } });
    expectState(await world.run('index', 'sync'), 'succeeded');
    expectState(await world.run('index', 'migrate'), 'succeeded');
    expect(await world.query(0, "SELECT indisvalid FROM pg_index WHERE indexrelid = 'i5'::regclass")).toEqual([
      { indisvalid: true },
    ]);
    expectState(await world.run('index', 'rollback'), 'succeeded');
    expect(await world.query(0, "SELECT to_regclass('i5') AS i5")).toEqual([{ i5: null }]);
    expect(await statesOf('index', 0, true)).toEqual([...Array(4).fill('applied'), 'pending']);
  });
});

describe('a history that others write to', () => {
  // Protocol: I37
  it('is looked at once more behind the files: one that takes rows away ends the run, and nothing has changed', async () => {
    const files = writeFolder('dbmate', [...THREE, draft(4), draft(5, { up: 'DELETE FROM schema_migrations;' })]);
    await world.migration('tampering', [{ tool: 'dbmate', files }]);
    expectState(await world.run('tampering', 'sync'), 'succeeded');
    const run = await world.run('tampering', 'migrate');
    expect(run).toMatchObject({ state: 'failed', error: { code: 'SOURCE_CHANGED' } });
    expect(await world.query(0, HISTORIES[0] ?? '')).toHaveLength(4);
  });

  it('is waited for while its tool is at work, and the run says so at last', async () => {
    const { deps, subject } = world.runs;
    const files = writeFolder('prisma', [...THREE, draft(4), draft(5)]);
    await world.migration('busy', [
      { tool: 'dbmate', files: writeFolder('dbmate', [...THREE, draft(4)]) },
      { tool: 'prisma', files },
    ]);
    await updateMigration(deps, subject, 'busy', { options: { lock_timeout_ms: 700 } });
    expectState(await world.run('busy', 'sync'), 'succeeded');
    await withClient(world.databases[1]!.url, async (prisma) => {
      await prisma.query('SELECT pg_advisory_lock(72707369)');
      const run = await world.run('busy', 'migrate');
      expect(run).toMatchObject({ state: 'failed', error: { code: 'LOCK_TIMEOUT' } });
    });
    expect(await world.tables(1)).toEqual(['t1', 't2', 't3', 't4']);
    expectState(await world.run('busy', 'sync'), 'succeeded');
    expectState(await world.run('busy', 'migrate'), 'succeeded');
    expect(await world.tables(1)).toContain('t5');
    expectState(await world.run('busy', 'rollback'), 'succeeded');
  });

  it('stops before a file that uses a new value of an enum, and names both and the way', async () => {
    await world.query(0, "CREATE TYPE mood AS ENUM ('sad')");
    const adds = draft(5, { up: "ALTER TYPE mood ADD VALUE 'glad';" });
    const uses = draft(6, { up: "CREATE TABLE moods (m mood);\nALTER TABLE moods ALTER m SET DEFAULT 'glad';" });
    const certain = draft(6, { up: "CREATE TABLE moods (m mood DEFAULT 'glad');" });
    await world.migration('enum-0', [
      { tool: 'dbmate', files: writeFolder('dbmate', [...THREE, draft(4), adds, certain]) },
    ]);
    const refused = await world.run('enum-0', 'sync');
    const reason = expect.stringMatching(/t6\.sql uses 'glad', which .*t5\.sql adds .*"to": "20260101000005".*"best"/);
    expect(refused).toMatchObject({
      state: 'failed',
      error: { code: 'ATOMICITY_REFUSED', context: { reasons: [reason] } },
    });
    const files = writeFolder('dbmate', [...THREE, draft(4), adds, uses]);
    await world.migration('enum', [{ tool: 'dbmate', files }]);
    expectState(await world.run('enum', 'sync'), 'succeeded');
    const planned = (await planOf('enum'))?.apis[0]?.bindings.map(({ findings }) => findings.map(({ rule }) => rule));
    expect(planned).toEqual([[], ['new-enum-value']]);
    const run = await world.run('enum', 'migrate');
    const suggestion = expect.stringMatching(/t6\.sql uses .* that .*t5\.sql adds.*"to": "20260101000005"/);
    expect(run.error).toMatchObject({ context: { errors: [{ sqlstate: '55P04', suggestion }] } });
    await world.put('enum', 0, { tool: 'dbmate', files, options: { to: '20260101000005' } });
    expectState(await world.run('enum', 'sync'), 'succeeded');
    expectState(await world.run('enum', 'migrate'), 'succeeded');
    await world.migration('enum-2', [{ tool: 'dbmate', files }]);
    expectState(await world.run('enum-2', 'sync'), 'succeeded');
    expectState(await world.run('enum-2', 'migrate'), 'succeeded');
    await world.query(0, "DROP TABLE moods; DELETE FROM schema_migrations WHERE version > '20260101000004'");
  });
});

describe('a plan with a file that has to wait for the commit of another', () => {
  const adds = draft(5, { up: "ALTER TYPE feeling ADD VALUE 'glad';", down: 'SELECT 1;' });
  const uses = draft(6, { up: "INSERT INTO feelings VALUES ('glad');", down: 'DELETE FROM feelings;' });

  it('is cut under "best": part by part in all databases, each with its history, and back in reverse', async () => {
    for (const at of [0, 1])
      await world.query(at, "CREATE TYPE feeling AS ENUM ('sad'); CREATE TABLE feelings (f feeling)");
    const folders = (['dbmate', 'prisma'] as const).map((tool) => ({
      tool,
      files: writeFolder(tool, [...THREE, draft(4), adds, uses, draft(7)]),
    }));
    const best = { atomicity: 'best' } as const;
    await world.migration('part', folders, best);
    expectState(await world.run('part', 'sync'), 'succeeded');
    const plan = await planOf('part');
    expect(plan).toMatchObject({ atomicity: 'best effort', laterParts: [[{ after: { value: 'glad' } }, {}, {}, {}]] });
    expectState(await world.run('part', 'migrate'), 'succeeded');
    for (const at of [0, 1]) {
      expect(await statesOf('part', at, true)).toEqual([...Array(5).fill('applied'), 'pending', 'pending']);
    }
    await world.migration('part-2', folders, best);
    expectState(await world.run('part-2', 'sync'), 'succeeded');
    const second = await planOf('part-2');
    expect([second?.atomicity, second?.laterParts]).toEqual(['atomic', undefined]);
    expectState(await world.run('part-2', 'migrate'), 'succeeded');
    for (const at of [0, 1]) expect(await world.query(at, 'SELECT f::text FROM feelings')).toEqual([{ f: 'glad' }]);
    expect(await world.run('part', 'rollback')).toMatchObject({ error: { code: 'ROLLBACK_REFUSED' } });
    for (const id of ['part-2', 'part']) expectState(await world.run(id, 'rollback'), 'succeeded');
    for (const at of [0, 1]) {
      expect(await statesOf('part', at, true)).toEqual([...Array(4).fill('applied'), ...Array(3).fill('pending')]);
      await world.query(at, 'DROP TABLE feelings; DROP TYPE feeling');
    }
  });
});

describe('a rollback', () => {
  it('takes back what has run, the last file first, and its rows', async () => {
    const options = { rollback: 'undo' };
    const files = TOOLS.map((tool) => writeFolder(tool, [...THREE, draft(4), draft(6), draft(7)]));
    await world.migration(
      'back',
      TOOLS.map((tool, at) => ({ tool, files: files[at]!, options: tool === 'drizzle' ? options : {} })),
    );
    expectState(await world.run('back', 'sync'), 'succeeded');
    expectState(await world.run('back', 'migrate'), 'succeeded');
    for (const at of TOOLS.keys()) expect(await world.tables(at)).toContain('t7');
    expectState(await world.run('back', 'rollback'), 'succeeded');
    for (const at of TOOLS.keys()) {
      expect(await world.tables(at)).toEqual(['t1', 't2', 't3', 't4']);
      expect(await statesOf('back', at, true)).toEqual([...Array(4).fill('applied'), 'pending', 'pending']);
    }
  });

  it('is refused by the request where a file says nothing that takes it back', async () => {
    await world.migration('oneway', []);
    await world.put('oneway', 3, { tool: 'drizzle', files: writeFolder('drizzle', [...THREE, draft(4), draft(8)]) });
    expectState(await world.run('oneway', 'sync'), 'succeeded');
    expectState(await world.run('oneway', 'migrate'), 'succeeded');
    await expect(world.runs.request('oneway', 'rollback')).rejects.toMatchObject({
      code: 'ROLLBACK_REFUSED',
      context: { reasons: [expect.stringMatching(/t8\.sql of the source "shop-3" says nothing that takes it back/)] },
    });
  });

  it('is refused where a repeatable file had run before, in another version', async () => {
    const repeat = async (id: string, text: string, undo: string): Promise<void> => {
      const files = [textFile('R__view.sql', text), textFile('undo/R__view.sql', undo)];
      await world.migration(id, []);
      await world.put(id, 2, { tool: 'flyway', files, options: { rollback: 'undo', table: 'repeated.history' } });
      expectState(await world.run(id, 'sync'), 'succeeded');
      expectState(await world.run(id, 'migrate'), 'succeeded');
    };
    await repeat('repeat', 'CREATE OR REPLACE VIEW v AS SELECT 1 AS n;', 'DROP VIEW v;');
    await repeat('repeat-2', 'CREATE OR REPLACE VIEW v AS SELECT 2 AS n;', 'DROP VIEW v;');
    await expect(world.runs.request('repeat-2', 'rollback')).rejects.toMatchObject({
      code: 'ROLLBACK_REFUSED',
      context: { reasons: [expect.stringMatching(/R__view\.sql .* had run before/)] },
    });
    expect(await world.query(2, 'SELECT n FROM v')).toEqual([{ n: 2 }]);
  });

  it('is refused where the history holds what came later', async () => {
    const files = writeFolder('dbmate', [...THREE, draft(4), draft(8)]);
    await world.migration('late', [{ tool: 'dbmate', files }]);
    expectState(await world.run('late', 'sync'), 'succeeded');
    expectState(await world.run('late', 'migrate'), 'succeeded');
    await world.query(0, "INSERT INTO schema_migrations VALUES ('20270101000000')");
    const run = await world.run('late', 'rollback');
    expect(run).toMatchObject({ state: 'failed', error: { code: 'ROLLBACK_REFUSED' } });
    expect(await world.tables(0)).toContain('t8');
    await world.query(0, "DELETE FROM schema_migrations WHERE version LIKE '2027%'");
    expectState(await world.run('late', 'rollback'), 'succeeded');
    expect(await world.tables(0)).not.toContain('t8');
  });
});

describe('the source', () => {
  it('shares a schema that is not there yet with the history of another one', async () => {
    const { deps, subject } = world.runs;
    const folder = (number: number, table: string) => {
      const files = writeFolder('drizzle', [draft(number)]);
      return { endpoint: 'shop-0', tool: 'drizzle', files, options: { table }, stage: 0 } as const;
    };
    await world.migration('sharing', [folder(91, 'shared.one')]);
    await putSource(deps, subject, { migration: 'sharing', source: 'other' }, folder(92, 'shared.two'));
    expectState(await world.run('sharing', 'sync'), 'succeeded');
    expectState(await world.run('sharing', 'migrate'), 'succeeded');
    expect(await world.query(0, 'SELECT FROM shared.one, shared.two, t91, t92')).toEqual([]);
  });

  it('put again as it is changes nothing, and another one voids the plan', async () => {
    const { deps, subject } = world.runs;
    const organization = deps.store.organization(subject.organizationUuid);
    const files = writeFolder('dbmate', [...THREE, draft(4)]);
    await world.migration('same', [{ tool: 'auto', files }]);
    await world.run('same', 'sync');
    const { planHash, revision } = await organization.migration('same');
    expect(planHash).not.toBeNull();
    const again = await world.put('same', 0, { tool: 'auto', files: [...files].reverse() });
    expect(again.tool).toBe('dbmate');
    expect(await organization.migration('same')).toMatchObject({ planHash, revision });
    await world.put('same', 0, { tool: 'auto', files: files.slice(1), options: { strict: false } });
    expect(await organization.migration('same')).toMatchObject({ planHash: null });
    await deleteSource(deps, subject, { migration: 'same', source: 'shop-0' });
    expect((await organization.migration('same')).apiUuids).toEqual([]);
    await expect(organization.api('same.shop-0')).rejects.toMatchObject({ code: 'API_NOT_FOUND' });
  });
});
