import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { MigrationDirectory, MigrationList } from '@prisma/schema-engine-wasm/schema_engine_bg';

/** The repository's prisma folder: equally far from src and from dist. */
const PRISMA = fileURLToPath(new URL('../../../prisma/', import.meta.url));

/** The text of schema.prisma. */
export function readSchema(): Promise<string> {
  return readFile(join(PRISMA, 'schema.prisma'), 'utf8');
}

/** All migrations in the order in which they apply, as the schema engine takes them. */
export async function readMigrations(): Promise<MigrationList> {
  const baseDir = join(PRISMA, 'migrations');
  const lockfile = {
    path: 'migration_lock.toml',
    content: await readFile(join(baseDir, 'migration_lock.toml'), 'utf8'),
  };
  const entries = await readdir(baseDir, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  const migrationDirectories = await Promise.all(names.sort().map((name) => readMigration(baseDir, name)));
  return { baseDir, lockfile, shadowDbInitScript: '', migrationDirectories };
}

async function readMigration(baseDir: string, name: string): Promise<MigrationDirectory> {
  const value = await readFile(join(baseDir, name, 'migration.sql'), 'utf8');
  return { path: name, migrationFile: { path: 'migration.sql', content: { tag: 'ok', value } } };
}
