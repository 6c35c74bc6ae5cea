import type { Uuid } from './ids.js';
import type { JsonObject } from './json.js';

/** The tools whose folders can be a source. */
export const SOURCE_TOOLS = [
  'dbmate',
  'golang-migrate',
  'goose',
  'prisma',
  'flyway',
  'node-pg-migrate',
  'drizzle',
  'liquibase',
] as const;
export type SourceTool = (typeof SOURCE_TOOLS)[number];

export interface SourceOptions {
  /** Of the tool's history, where it is not called as the tool calls it by default. */
  readonly table?: string;
  readonly schema?: string;
  /** What `${name}` stands for in the files of tools that have placeholders. */
  readonly placeholders?: Readonly<Record<string, string>>;
  /** Version or file up to which everything counts as applied, in a database that has no history yet. */
  readonly baseline?: string;
  /** Refuses (true) or passes over (false) what tools judge differently: changed, missing and late files. */
  readonly strict?: boolean;
  /** Version or file after which the migration stops. */
  readonly to?: string;
  /** Folder within the source that holds, under the name of each file, what takes it back. */
  readonly rollback?: string;
  readonly concurrently?: 'outside' | 'inline';
}

/** One file of a migration folder, as it was sent. */
export interface FolderFile {
  /** Relative to the folder, parts joined by `/`. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** Why a folder is not read, or a database not migrated: by file where there is one. */
export interface SourceProblem {
  readonly path: string | null;
  readonly message: string;
}

/** What a tool applies as one: a file, or one changeset of a file. */
export interface SourceMigration {
  readonly file: string;
  /** As the tool's history identifies it; unique within the folder. */
  readonly version: string;
  /** For people. */
  readonly name: string;
  /** The tool's own, as its history holds it; null where it keeps none. */
  readonly checksum: string | null;
  /** Hex sha256 of the bytes of the file. */
  readonly sha256: string;
  /** SQL to run. Lines are those of the file, so that an error's line leads there. */
  readonly up: string;
  /** SQL that takes it back; null where there is none. */
  readonly down: string | null;
  /** False where the file says that it is not to run in a transaction. */
  readonly transactional: boolean;
  /** What only its tool reads. */
  readonly details: JsonObject;
}

export interface FolderReading {
  /** In the order in which the tool applies them. */
  readonly migrations: readonly SourceMigration[];
  readonly problems: readonly SourceProblem[];
}

export const SOURCE_FILE_STATES = ['applied', 'pending', 'changed', 'missing', 'refused'] as const;
export type SourceFileState = (typeof SOURCE_FILE_STATES)[number];

/** One file (or changeset) of a source in its database. */
export interface SourceFileStatus {
  readonly file: string;
  readonly version: string;
  readonly state: SourceFileState;
  /** Why it is so, where the state alone does not say it. */
  readonly reason: string | null;
}

/** A folder of one tool for one endpoint, part of a migration. */
export interface Source {
  readonly uuid: Uuid;
  /** Unique within the migration. */
  readonly id: string;
  readonly migrationUuid: Uuid;
  readonly endpointUuid: Uuid;
  readonly apiUuid: Uuid;
  /** `auto` where the files alone do not tell: then the history does. */
  readonly tool: SourceTool | 'auto';
  readonly stage: number;
  readonly options: SourceOptions;
  /** Of paths and contents of all files. */
  readonly digest: string;
  /** What was seen last, null before the first look. */
  readonly statuses: readonly SourceFileStatus[] | null;
  readonly checkedAt: Date | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** What is known of a stored file without its bytes. */
export interface SourceFile {
  readonly path: string;
  /** Hex, of the bytes. */
  readonly sha256: string;
  /** In bytes. */
  readonly size: number;
}

const SOURCE_ID = /^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/;
const MAX_JOINT_ID = 128;

/** Why this cannot be the id of a source of the migration; null when it can. */
export function sourceIdProblem(migrationId: string, id: string): string | null {
  if (!SOURCE_ID.test(id)) return 'must start with a letter or digit and hold at most 63 of A-Z a-z 0-9 _ -';
  if (managedApiId(migrationId, id).length <= MAX_JOINT_ID) return null;
  return `the id of its API, ${managedApiId(migrationId, id)}, would be longer than ${MAX_JOINT_ID} characters`;
}

/** The API of a source. */
export function managedApiId(migrationId: string, id: string): string {
  return `${migrationId}.${id}`;
}
