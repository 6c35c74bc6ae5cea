import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { MigrationDirectory, MigrationList } from '@prisma/schema-engine-wasm/schema_engine_bg';

/** The repository's prisma folder: equally far from src and from dist. */
const PRISMA = fileURLToPath(new URL('../../../prisma/', import.meta.url));

const MIGRATIONS = join(PRISMA, 'migrations');

/** The text of schema.prisma. */
export function readSchema(): Promise<string> {
  return readFile(join(PRISMA, 'schema.prisma'), 'utf8');
}

/** All migrations in the order in which they apply, as the schema engine takes them. */
export async function readMigrations(): Promise<MigrationList> {
  const baseDir = MIGRATIONS;
  const lockfile = {
    path: 'migration_lock.toml',
    content: await readFile(join(baseDir, 'migration_lock.toml'), 'utf8'),
  };
  const names = await readMigrationNames();
  const migrationDirectories = await Promise.all(names.map((name) => readMigration(baseDir, name)));
  return { baseDir, lockfile, shadowDbInitScript: '', migrationDirectories };
}

/** Their names alone, in the order in which they apply. */
export async function readMigrationNames(): Promise<readonly string[]> {
  const entries = await readdir(MIGRATIONS, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

async function readMigration(baseDir: string, name: string): Promise<MigrationDirectory> {
  const value = await readFile(join(baseDir, name, 'migration.sql'), 'utf8');
  return { path: name, migrationFile: { path: 'migration.sql', content: { tag: 'ok', value } } };
}
