import type { JsonObject } from '../json.js';
import type {
  FolderFile,
  FolderReading,
  SourceFileStatus,
  SourceMigration,
  SourceOptions,
  SourceProblem,
  SourceTool,
} from '../source.js';
import type { Statement } from './templates.js';

/** Where a tool's history is in a database, and what is there, as the database itself says. */
export interface HistoryPlace {
  readonly database: string;
  readonly user: string;
  readonly schema: string;
  readonly schemaExists: boolean;
  readonly table: string;
  /** Types of its columns by name; empty where there is no such table. */
  readonly columns: Readonly<Record<string, string>>;
  /** The other tables of its schema. */
  readonly siblings: readonly string[];
}

/** A statement, and how many rows it has to meet. */
export interface RecordStep extends Statement {
  readonly expects?: { readonly rows: number; readonly otherwise: string };
  /** Place of the execution time in ms among its params, for whoever learns it later. */
  readonly executionTimeAt?: number;
}

export interface AssessmentInput {
  readonly migrations: readonly SourceMigration[];
  readonly place: HistoryPlace;
  /** What `rows` has read; none where there is no table. */
  readonly rows: readonly JsonObject[];
  readonly options: SourceOptions;
}

/** What a tool would make of a folder in a database. */
export interface Assessment {
  /** Those of the folder that count in this database, as they are there: versions, texts and checksums may depend on it. */
  readonly migrations: readonly SourceMigration[];
  /** Every file in order, then what the history holds besides. */
  readonly statuses: readonly SourceFileStatus[];
  /** In order, up to `options.to`; their `up` is what runs in this database. */
  readonly pending: readonly SourceMigration[];
  /** What counts as applied because of `options.baseline` and has no row yet. */
  readonly baseline: readonly SourceMigration[];
  /** Reasons to refuse; empty = it may run. */
  readonly problems: readonly SourceProblem[];
}

/** Reads a tool's history; pure: others run the statements. */
export interface ToolHistory {
  /** One statement that answers one row, for `place`. */
  probe(options: SourceOptions): Statement;
  place(row: JsonObject): HistoryPlace;
  /** Null where there is no table, or one of another shape: that is a problem of the assessment. */
  rows(place: HistoryPlace): Statement | null;
  assess(input: AssessmentInput): Assessment;
}

/** What the tool would note of one execution. */
export interface Execution {
  /** A random uuid. */
  readonly id: string;
  /** Fractions count. */
  readonly executionTimeMs: number;
  /** Ten digits that are one for all that is applied together. */
  readonly deployment: string;
}

/** Writes a tool's history as the tool does; all of it in the participant's transaction. */
export interface ToolRecord {
  /** The tool's own lock, as far as it can be held to the end of a transaction. In the order in which they are taken. */
  lock(place: HistoryPlace): readonly RecordStep[];
  /** Before PREPARE: what the tool would leave locked otherwise. */
  unlock(place: HistoryPlace): readonly RecordStep[];
  /** The table, where it is not there yet, exactly as the tool makes it. */
  create(place: HistoryPlace): readonly RecordStep[];
  baselined(place: HistoryPlace, migrations: readonly SourceMigration[], execution: Execution): readonly RecordStep[];
  applied(place: HistoryPlace, migration: SourceMigration, execution: Execution): readonly RecordStep[];
  /** `before` is what precedes it in the folder, null for the first. */
  removed(place: HistoryPlace, migration: SourceMigration, before: SourceMigration | null): readonly RecordStep[];
}

/** One tool: its folder below packages/sources. */
export interface MigrationTool {
  readonly name: SourceTool;
  /** Never throws: what is wrong with the folder is among its problems. */
  read(files: readonly FolderFile[], options: SourceOptions): FolderReading;
  readonly history: ToolHistory;
  readonly record: ToolRecord;
}

export interface SourcePort {
  /** The tools that the folder may be of, by its files alone. */
  detect(files: readonly FolderFile[]): readonly SourceTool[];
  tool(name: SourceTool): MigrationTool;
}
