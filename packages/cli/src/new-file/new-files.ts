import { CommandError } from '../exit-codes.js';
import type { SourceEntry } from '../file/schema.js';

/** A file to be written into the folder of a source. */
export interface NewFile {
  /** Relative to the folder. */
  readonly path: string;
  readonly text: string;
}

export interface NewMigration {
  readonly tool: Exclude<SourceEntry['tool'], 'auto'>;
  /** What the user calls it. */
  readonly name: string;
  /** Paths of the folder's files. */
  readonly existing: readonly string[];
  readonly now: Date;
  /** Who writes it, for tools that want to know. */
  readonly author: string;
}

/** The files of a new migration, named as the tool names them. @throws CommandError for tools that want to make it themselves */
export function newFiles(migration: NewMigration): NewFile[] {
  const name = slugOf(migration.name);
  const { existing, now } = migration;
  switch (migration.tool) {
    case 'dbmate':
      return [{ path: `${timestamp(now)}_${name}.sql`, text: '-- migrate:up\n\n\n-- migrate:down\n\n' }];
    case 'golang-migrate': {
      const version = nextVersion(existing, now, 6);
      return ['up', 'down'].map((way) => ({ path: `${version}_${name}.${way}.sql`, text: '' }));
    }
    case 'goose':
      return [{ path: `${nextVersion(existing, now, 5)}_${name}.sql`, text: '-- +goose Up\n\n\n-- +goose Down\n\n' }];
    case 'prisma':
      return [{ path: `${timestamp(now)}_${name}/migration.sql`, text: '' }];
    case 'flyway':
      return [{ path: `V${nextFlywayVersion(existing)}__${name}.sql`, text: '' }];
    case 'node-pg-migrate':
      return [{ path: `${now.getTime()}_${name}.sql`, text: '-- Up Migration\n\n\n-- Down Migration\n\n' }];
    case 'liquibase':
      return [{ path: `${timestamp(now)}_${name}.sql`, text: changeset(migration.author, name) }];
    case 'drizzle':
      throw new CommandError(
        'Drizzle keeps a journal and snapshots beside its files, which only its own tool writes',
        `Run "npx drizzle-kit generate --custom --name=${name}".`,
      );
  }
}

function changeset(author: string, name: string): string {
  return `--liquibase formatted sql\n\n--changeset ${slugOf(author)}:${name}\n\n\n--rollback \n`;
}

/** Small letters, digits and `_`: what every tool takes. @throws CommandError when nothing is left */
function slugOf(name: string): string {
  const slug = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '');
  if (slug !== '') return slug;
  throw new CommandError(`"${name}" is no name for a file`, 'Take letters and digits.');
}

/** `20261126181500`, in UTC as the tools have it. */
function timestamp(now: Date): string {
  return now.toISOString().replace(/\D/g, '').slice(0, 14);
}

/** A folder with timestamps goes on with them; any other counts on, in as many digits as its last file has. */
function nextVersion(existing: readonly string[], now: Date, digits: number): string {
  const versions = existing.flatMap((path) => /^(\d+)_/.exec(path)?.[1] ?? []);
  const last = versions.sort((a, b) => Number(a) - Number(b)).at(-1);
  if (last === undefined) return '1'.padStart(digits, '0');
  if (last.length >= 14) return timestamp(now);
  return String(BigInt(last) + 1n).padStart(last.length, '0');
}

/** Behind the highest first part: `V2_1` is followed by `V3`. */
function nextFlywayVersion(existing: readonly string[]): string {
  const firsts = existing.flatMap((path) => /(?:^|\/)V(\d+)[\d._]*__/.exec(path)?.[1] ?? []);
  const last = firsts.map(BigInt).reduce((most, each) => (each > most ? each : most), 0n);
  return String(last + 1n);
}
