import type { FolderFile, FolderReading, SourceMigration, SourceOptions, SourceProblem } from '@eden/domain';
import { duplicateVersions, isMigrationPath, readTexts, rollbackTexts, sha256 } from '../folder.js';
import type { TextFile } from '../folder.js';

const JOURNAL = 'meta/_journal.json';
const BREAKPOINT = '--> statement-breakpoint';

/** What the journal lists, in its order. */
export function readDrizzle(files: readonly FolderFile[], options: SourceOptions): FolderReading {
  const isRead = (path: string): boolean =>
    path === JOURNAL || (/^[^/]+\.sql$/.test(path) && isMigrationPath(path, options));
  const { texts, problems } = readTexts(files, isRead);
  const byPath = new Map(texts.map((text) => [text.path, text]));
  const journal = readJournal(byPath.get(JOURNAL)?.text, files);
  if ('message' in journal) return { migrations: [], problems: [...problems, journal] };
  const rollbacks = rollbackTexts(files, options);
  const migrations: SourceMigration[] = [];
  for (const entry of journal.entries) {
    const file = byPath.get(`${entry.tag}.sql`);
    if (file !== undefined) migrations.push(toMigration(file, entry, rollbacks.get(file.path) ?? null));
    else
      problems.push({
        path: `${entry.tag}.sql`,
        message: `the journal lists it and it is not there, or cannot be read`,
      });
  }
  return { migrations, problems: [...problems, ...duplicateVersions(migrations)] };
}

interface Entry {
  readonly tag: string;
  readonly when: number;
}

function readJournal(text: string | undefined, files: readonly FolderFile[]): { entries: Entry[] } | SourceProblem {
  if (text === undefined) return noJournal(files);
  try {
    const { entries, dialect } = JSON.parse(text) as { entries?: unknown; dialect?: unknown };
    if (typeof dialect === 'string' && !/^(postgresql|pg)$/.test(dialect)) {
      return { path: JOURNAL, message: `the folder is for ${dialect}; a source is for PostgreSQL` };
    }
    if (Array.isArray(entries) && entries.every(isEntry)) return { entries };
  } catch {
    // Said below: what is no JSON has no entries either.
  }
  return { path: JOURNAL, message: 'it is no journal of Drizzle: "entries" with "tag" and "when" each' };
}

function noJournal(files: readonly FolderFile[]): SourceProblem {
  const isNewer = files.some(({ path }) => /^[^/]+\/snapshot\.json$/.test(path));
  const message = isNewer
    ? 'folders of Drizzle 1.0, with one folder for each migration, are not read yet'
    : 'the journal of Drizzle is not there: send the folder that drizzle-kit writes, with meta';
  return { path: JOURNAL, message };
}

function isEntry(entry: unknown): entry is Entry {
  if (typeof entry !== 'object' || entry === null) return false;
  const { tag, when } = entry as Record<string, unknown>;
  return typeof tag === 'string' && Number.isSafeInteger(when);
}

function toMigration({ path, bytes, text }: TextFile, { tag, when }: Entry, down: string | null): SourceMigration {
  const hash = sha256(Buffer.from(bytes).toString('utf8'));
  const unified = sha256(Buffer.from(bytes).toString('utf8').replaceAll('\r\n', '\n'));
  return {
    file: path,
    version: tag,
    name: tag,
    checksum: hash,
    sha256: sha256(bytes),
    up: endStatements(text),
    down,
    transactional: true,
    details: { when, hashes: [hash, unified] },
  };
}

/** Drizzle sends what stands between two breakpoints as one: a statement there needs no semicolon. */
function endStatements(text: string): string {
  const parts = text.split(BREAKPOINT);
  return parts
    .map((part, index) => (index === parts.length - 1 || /(;\s*|^\s*)$/.test(part) ? part : `${part};`))
    .join(BREAKPOINT);
}
