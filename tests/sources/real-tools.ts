import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { FolderFile, SourceTool } from '@eden/domain';
import { atEndOfFile, withClient } from '@eden/testkit';
import pg from 'pg';
import { createSchemaEngine, SchemaEngineAdapterFactory } from '../../packages/database/src/schema-engine.js';

const run = promisify(execFile);
/** Their packages have a pg of their own, which is not to meet ours: so this file does not stand among them. */
const TOOLS = join(import.meta.dirname, '..', 'tools');
export const PROGRAMS = join(TOOLS, 'node_modules');

/** A tool's own program, over a folder on disk. */
export interface RealTool {
  readonly name: SourceTool;
  /** Applies what is pending. */
  up(url: string, folder: string): Promise<void>;
  /** Whether the tool says that nothing is pending and nothing wrong. @throws what it complains of */
  isContent(url: string, folder: string): Promise<boolean>;
}

const program = (name: string): string => join(PROGRAMS, '.bin', name);
const withoutSsl = (url: string): string => `${url}?sslmode=disable`;

const DBMATE: RealTool = {
  name: 'dbmate',
  up: async (url, folder) => void (await dbmate(url, folder, 'up')),
  isContent: async (url, folder) => (await dbmate(url, folder, 'status')).includes('Pending: 0'),
};

async function dbmate(url: string, folder: string, command: string): Promise<string> {
  const args = ['-u', withoutSsl(url), '-d', folder, '--no-dump-schema', command];
  return (await run(program('dbmate'), args)).stdout;
}

const NODE_PG_MIGRATE: RealTool = {
  name: 'node-pg-migrate',
  up: async (url, folder) => void (await nodePgMigrate(url, folder)),
  isContent: async (url, folder) => (await nodePgMigrate(url, folder, '--dry-run')).includes('No migrations to run'),
};

async function nodePgMigrate(url: string, folder: string, ...more: string[]): Promise<string> {
  const env = { ...process.env, DATABASE_URL: url };
  return (await run(program('node-pg-migrate'), ['up', '-m', folder, ...more], { env })).stdout;
}

const DRIZZLE: RealTool = {
  name: 'drizzle',
  up: migrateByDrizzle,
  // Drizzle has no status: what it would have run is there already and fails, or leaves rows.
  isContent: async (url, folder) => {
    const before = await countRows(url, 'drizzle.__drizzle_migrations');
    await migrateByDrizzle(url, folder);
    return (await countRows(url, 'drizzle.__drizzle_migrations')) === before;
  },
};

async function migrateByDrizzle(url: string, folder: string): Promise<void> {
  await run(process.execPath, ['drizzle-migrate.mjs', url, folder], { cwd: TOOLS });
}

const PRISMA: RealTool = {
  name: 'prisma',
  up: async (url, folder) => void (await applyByPrisma(url, folder)),
  isContent: async (url, folder) => (await applyByPrisma(url, folder)).length === 0,
};

const SCHEMA = 'datasource db {\n  provider = "postgresql"\n}\n';

/** What `prisma migrate deploy` does, by its engine; answers what it has applied. */
async function applyByPrisma(url: string, folder: string): Promise<string[]> {
  const names = (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  const directories = names.map(async ({ name }) => {
    const value = await readFile(join(folder, name, 'migration.sql'), 'utf8');
    return { path: name, migrationFile: { path: 'migration.sql', content: { tag: 'ok' as const, value } } };
  });
  const lockfile = {
    path: 'migration_lock.toml',
    content: await readFile(join(folder, 'migration_lock.toml'), 'utf8'),
  };
  const migrationDirectories = (await Promise.all(directories)).sort((a, b) => (a.path < b.path ? -1 : 1));
  const pool = new pg.Pool({ connectionString: url });
  try {
    const engine = await createSchemaEngine(new SchemaEngineAdapterFactory(pool), SCHEMA);
    const migrationsList = { baseDir: folder, lockfile, shadowDbInitScript: '', migrationDirectories };
    const filters = { externalTables: [], externalEnums: [] };
    return (await engine.applyMigrations({ migrationsList, filters })).appliedMigrationNames;
  } finally {
    await pool.end();
  }
}

const LIQUIBASE: RealTool = {
  name: 'liquibase',
  up: async (url, folder) => void (await liquibase(url, folder, 'update')),
  isContent: async (url, folder) => (await liquibase(url, folder, 'status')).includes('is up to date'),
};

/** The changelog that a team has beside its changesets. */
const ROOT = `<?xml version="1.0" encoding="UTF-8"?>
<databaseChangeLog xmlns="http://www.liquibase.org/xml/ns/dbchangelog"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  xsi:schemaLocation="http://www.liquibase.org/xml/ns/dbchangelog http://www.liquibase.org/xml/ns/dbchangelog/dbchangelog-latest.xsd">
  <includeAll path="changes/" relativeToChangelogFile="true"/>
</databaseChangeLog>
`;

async function liquibase(url: string, folder: string, command: string): Promise<string> {
  const { host, pathname, username, password } = new URL(url);
  const address = [`--url=jdbc:postgresql://${host}${pathname}`, `--username=${username}`, `--password=${password}`];
  const file = join(PROGRAMS, 'liquibase', 'dist', 'liquibase', 'liquibase');
  const { stdout, stderr } = await run(file, ['--changelog-file=root.xml', ...address, command], { cwd: folder });
  return stdout + stderr;
}

export const REAL_TOOLS: readonly RealTool[] = [DBMATE, NODE_PG_MIGRATE, DRIZZLE, PRISMA, LIQUIBASE];

/** The folder as its tool expects it. */
export function layOut(tool: SourceTool, files: readonly FolderFile[]): readonly FolderFile[] {
  if (tool !== 'liquibase') return files;
  const changes = files.map(({ path, bytes }) => ({ path: `changes/${path}`, bytes }));
  return [{ path: 'root.xml', bytes: Buffer.from(ROOT) }, ...changes];
}

/** On disk until the end of the test file. */
export async function writeToDisk(files: readonly FolderFile[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'eden-tools-'));
  atEndOfFile(() => rm(folder, { recursive: true }));
  for (const { path, bytes } of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), bytes);
  }
  return folder;
}

function countRows(url: string, table: string): Promise<number> {
  return withClient(url, async (client) => (await client.query(`SELECT FROM ${table}`)).rowCount ?? 0);
}
