import type {
  Assessment,
  AssessmentInput,
  FolderFile,
  FolderReading,
  HistoryPlace,
  JsonObject,
  MigrationTool,
  SourceFileStatus,
  SourceMigration,
  SourceOptions,
  SourcePort,
  ToolRecord,
} from '@eden/domain';
import type { NoteStatement, TargetStatement } from '../targets/statements.js';

/*
 * A migration tool in the language of the simulated targets: its history is a table of versions, and its own lock is held
 * for as long as it is at work.
 */

const say = (statement: TargetStatement) => ({ text: JSON.stringify(statement), params: [] });

/** What a file of a simulated folder holds. */
export interface FileTexts {
  readonly up: TargetStatement;
  readonly down: TargetStatement;
}

function migrationOf({ path, bytes }: FolderFile): SourceMigration {
  const text = new TextDecoder().decode(bytes);
  const { up, down } = JSON.parse(text) as FileTexts;
  const version = path.replace(/\.json$/, '');
  const texts = { up: JSON.stringify(up), down: JSON.stringify(down) };
  return {
    file: path,
    version,
    name: version,
    checksum: null,
    sha256: text,
    ...texts,
    transactional: true,
    details: up.op === 'build' ? { apart: true } : {},
  };
}

function read(files: readonly FolderFile[]): FolderReading {
  const migrations = files.map(migrationOf).sort((a, b) => (a.version < b.version ? -1 : 1));
  return { migrations, problems: [] };
}

function placeOf(row: JsonObject): HistoryPlace {
  const columns: Readonly<Record<string, string>> = row['exists'] === true ? { version: 'text' } : {};
  const table = String(row['table']);
  return { database: '', user: '', schema: '', schemaExists: true, table, columns, siblings: [] };
}

function assess({ migrations, rows }: AssessmentInput): Assessment {
  const noted = new Set(rows.map((row) => String(row['version'])));
  const statuses = migrations.map(({ file, version }): SourceFileStatus => ({
    ...{ file, version, reason: null },
    state: noted.has(version) ? 'applied' : 'pending',
  }));
  const missing = [...noted].filter((version) => !migrations.some((each) => each.version === version));
  return {
    migrations,
    statuses,
    pending: migrations.filter(({ version }) => !noted.has(version)),
    baseline: [],
    problems: missing.map((version) => ({ path: null, message: `${version} was applied and is not in the folder` })),
  };
}

function noteOf(table: string, { version, details }: SourceMigration, by: 1 | -1): NoteStatement {
  return { op: 'note', table, version, by, ...(details['apart'] === true ? { apart: true } : {}) };
}

const RECORD: ToolRecord = {
  lock: ({ table }) => [say({ op: 'lock history', table })],
  unlock: () => [],
  create: ({ table }) => [say({ op: 'create history', table })],
  baselined: () => [],
  applied: ({ table }, migration) => [say(noteOf(table, migration, 1))],
  removed: ({ table }, migration) => {
    const expects = { rows: 1, otherwise: `the history has nothing of ${migration.version}` };
    return [{ ...say(noteOf(table, migration, -1)), expects }];
  },
};

const TOOL: MigrationTool = {
  name: 'dbmate',
  read,
  history: {
    probe: ({ table = '' }: SourceOptions) => say({ op: 'history', table }),
    place: placeOf,
    rows: ({ table, columns }) => ('version' in columns ? say({ op: 'versions', table }) : null),
    assess,
  },
  record: RECORD,
};

/** Every folder of the simulation is of the one tool that it has. */
export const SIMULATED_SOURCES: SourcePort = { detect: () => ['dbmate'], tool: () => TOOL };
