import type { FolderFile, FolderReading, MigrationTool, SourceOptions, SourcePort, SourceTool } from '@eden/domain';
import { DBMATE_HISTORY } from './dbmate/history.js';
import { readDbmate } from './dbmate/read.js';
import { DBMATE_RECORD } from './dbmate/record.js';
import { detectSources } from './detect-sources.js';
import { DRIZZLE_HISTORY } from './drizzle/history.js';
import { readDrizzle } from './drizzle/read.js';
import { DRIZZLE_RECORD } from './drizzle/record.js';
import { FLYWAY_HISTORY } from './flyway/history.js';
import { readFlyway } from './flyway/read.js';
import { FLYWAY_RECORD } from './flyway/record.js';
import { rollbackProblems } from './folder.js';
import { GOLANG_MIGRATE_HISTORY } from './golang-migrate/history.js';
import { readGolangMigrate } from './golang-migrate/read.js';
import { GOLANG_MIGRATE_RECORD } from './golang-migrate/record.js';
import { GOOSE_HISTORY } from './goose/history.js';
import { readGoose } from './goose/read.js';
import { GOOSE_RECORD } from './goose/record.js';
import { LIQUIBASE_HISTORY } from './liquibase/history.js';
import { readLiquibase } from './liquibase/read.js';
import { LIQUIBASE_RECORD } from './liquibase/record.js';
import { NODE_PG_MIGRATE_HISTORY } from './node-pg-migrate/history.js';
import { readNodePgMigrate } from './node-pg-migrate/read.js';
import { NODE_PG_MIGRATE_RECORD } from './node-pg-migrate/record.js';
import { PRISMA_HISTORY } from './prisma/history.js';
import { readPrisma } from './prisma/read.js';
import { PRISMA_RECORD } from './prisma/record.js';

type Read = (files: readonly FolderFile[], options: SourceOptions) => FolderReading;

function tool(
  name: SourceTool,
  read: Read,
  history: MigrationTool['history'],
  record: MigrationTool['record'],
): MigrationTool {
  const readAll: Read = (files, options) => {
    const { migrations, problems } = refuseEmpty(name, read(files, options));
    return { migrations, problems: [...problems, ...rollbackProblems(files, options)] };
  };
  return { name, read: readAll, history, record };
}

/** A folder in which the tool finds nothing is the wrong folder, or the wrong tool. */
function refuseEmpty(name: SourceTool, reading: FolderReading): FolderReading {
  if (reading.migrations.length > 0 || reading.problems.length > 0) return reading;
  return { ...reading, problems: [{ path: null, message: `the folder has no file that ${name} would apply` }] };
}

/** Does not compile while one of SOURCE_TOOLS is missing. */
const TOOLS: Readonly<Record<SourceTool, MigrationTool>> = {
  dbmate: tool('dbmate', readDbmate, DBMATE_HISTORY, DBMATE_RECORD),
  'golang-migrate': tool('golang-migrate', readGolangMigrate, GOLANG_MIGRATE_HISTORY, GOLANG_MIGRATE_RECORD),
  goose: tool('goose', readGoose, GOOSE_HISTORY, GOOSE_RECORD),
  prisma: tool('prisma', readPrisma, PRISMA_HISTORY, PRISMA_RECORD),
  flyway: tool('flyway', readFlyway, FLYWAY_HISTORY, FLYWAY_RECORD),
  'node-pg-migrate': tool('node-pg-migrate', readNodePgMigrate, NODE_PG_MIGRATE_HISTORY, NODE_PG_MIGRATE_RECORD),
  drizzle: tool('drizzle', readDrizzle, DRIZZLE_HISTORY, DRIZZLE_RECORD),
  liquibase: tool('liquibase', readLiquibase, LIQUIBASE_HISTORY, LIQUIBASE_RECORD),
};

/** The folders and histories of all tools. */
export function createSources(): SourcePort {
  return { tool: (name) => TOOLS[name], detect };
}

function detect(files: readonly FolderFile[]): SourceTool[] {
  const tree = files.map(({ path, bytes }) =>
    path.endsWith('.sql') ? { path, text: Buffer.from(bytes).toString('utf8') } : { path },
  );
  return [...new Set(detectSources(tree).map((found) => found.tool))];
}
