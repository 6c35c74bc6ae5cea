import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createMigration } from '@eden/coordinator';
import type { FolderFile, Run, SourceTool } from '@eden/domain';
import { writeFolder } from '../../packages/sources/src/testing/folders.js';
import type { Draft } from '../../packages/sources/src/testing/folders.js';
import { FolderWorld } from '../sources/folder-world.js';
import { layOut, REAL_TOOLS, writeToDisk } from '../sources/real-tools.js';

const draft = (number: number): Draft => ({
  number,
  title: `t${number}`,
  up: `CREATE TABLE t${number} (id int);`,
  down: `DROP TABLE t${number};`,
});

/** Columns, defaults, keys and indexes of a history, as the catalog has them. */
const SHAPE = `
  SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull, a.attidentity,
         pg_get_expr(d.adbin, d.adrelid) AS "default",
         (SELECT json_agg(pg_get_indexdef(i.indexrelid) ORDER BY 1) FROM pg_index i WHERE i.indrelid = c.oid)::text AS indexes
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
    LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
   WHERE c.relkind = 'r' AND c.relname ~ 'migrations|changelog' ORDER BY c.relname, a.attnum`;

let world: FolderWorld;

beforeAll(async () => {
  world = await FolderWorld.create(REAL_TOOLS.length * 2);
});

afterAll(() => world.close());

function folder(tool: SourceTool, count: number): readonly FolderFile[] {
  return layOut(
    tool,
    writeFolder(
      tool,
      Array.from({ length: count }, (_, at) => draft(at + 1)),
    ),
  );
}

async function migrate(id: string, at: number, tool: SourceTool, count: number): Promise<void> {
  const { deps, subject } = world.runs;
  await createMigration(deps, subject, { id, description: null, parameters: {}, options: {} });
  await world.put(id, at, { tool, files: folder(tool, count) });
  expectSucceeded(await world.run(id, 'sync'));
  expectSucceeded(await world.run(id, 'migrate'));
}

function expectSucceeded({ state, error }: Run): void {
  expect({ state, error }).toEqual({ state: 'succeeded', error: null });
}

describe.each(REAL_TOOLS.map((tool, at) => [tool.name, tool, at] as const))('%s itself', (name, tool, index) => {
  const [begun, empty] = [index * 2, index * 2 + 1];
  const urlOf = (at: number): string => world.databases[at]?.url ?? '';

  it('has applied some, we apply the rest, and it has nothing to do', async () => {
    await tool.up(urlOf(begun), await writeToDisk(folder(name, 2)));
    const three = await writeToDisk(folder(name, 3));
    expect(await tool.isContent(urlOf(begun), three)).toBe(false);
    await undoThird(begun, name);
    await migrate(`${name}-begun`, begun, name, 3);
    expect(await tool.isContent(urlOf(begun), three)).toBe(true);
    expect(await world.tables(begun)).toEqual(['t1', 't2', 't3']);
  });

  it('finds an empty database as if it had been there itself, and goes on where we have ended', async () => {
    await migrate(`${name}-empty`, empty, name, 2);
    const two = await writeToDisk(folder(name, 2));
    expect(await tool.isContent(urlOf(empty), two)).toBe(true);
    await tool.up(urlOf(empty), await writeToDisk(folder(name, 3)));
    expect(await world.tables(empty)).toEqual(['t1', 't2', 't3']);
    expect(await world.query(empty, SHAPE)).toEqual(await world.query(begun, SHAPE));
  });
});

/** Tools without a status apply what they find pending, which shows as well that something was. */
async function undoThird(at: number, name: SourceTool): Promise<void> {
  if (name === 'drizzle') {
    await world.query(at, 'DELETE FROM drizzle.__drizzle_migrations WHERE id = 3; DROP TABLE IF EXISTS t3');
  }
  if (name === 'prisma') {
    await world.query(at, "DELETE FROM _prisma_migrations WHERE migration_name LIKE '%t3'; DROP TABLE IF EXISTS t3");
  }
}
