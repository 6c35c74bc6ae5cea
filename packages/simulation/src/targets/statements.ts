import { EdenError } from '@eden/domain';
import type { JsonObject, Statement } from '@eden/domain';

/*
 * The language of the simulated targets: a statement is one JSON object. A migration steps a counter for each API that it
 * changes; an API reads its counter and says which value its definition goes by.
 */

/** A migration's step for an API: `by` is 1, or -1 where it is undone. */
export interface StepStatement {
  readonly op: 'step';
  readonly api: string;
  readonly by: number;
  readonly run: string;
  /** Which binding of the migration. */
  readonly binding: string;
  /** The address that its template's endpoint leads to. */
  readonly at: string;
  /** Of the template's text. */
  readonly revision: number;
}

/** A migration's step outside the transaction, which changes no counter; `by` is -1 where it is taken back. */
export interface OutsideStatement {
  readonly op: 'outside';
  readonly by: number;
  readonly run: string;
  readonly binding: string;
  readonly at: string;
}

/** One batch of a step whose batches commit one by one: `size` keys behind `after`, of a table with so many rows. */
export interface BatchStatement {
  readonly op: 'batch';
  readonly run: string;
  readonly binding: string;
  readonly at: string;
  readonly rows: number;
  readonly after: number;
  readonly size: number;
}

/** Takes back what batches have done. */
export interface UnbatchStatement {
  readonly op: 'unbatch';
  readonly run: string;
  readonly binding: string;
  readonly at: string;
}

/** An index that is built in no transaction, and left invalid when that is broken off. */
export interface BuildStatement {
  readonly op: 'build';
  readonly index: string;
  readonly at: string;
}

/** An index that goes, where it is there. */
export interface DropStatement {
  readonly op: 'drop';
  readonly index: string;
}

/** An API's look at its counter. */
export interface ReadStatement {
  readonly op: 'read';
  readonly api: string;
  /** The value that the definition was made for. */
  readonly expects: number;
  /** Of the template's text. */
  readonly revision: number;
  /** In a database that the API's migration does not change: only the definition tells the value there. */
  readonly elsewhere?: boolean;
}

/** An API's write, made for that value of its counter. */
export interface WriteStatement {
  readonly op: 'write';
  readonly api: string;
  readonly expects: number;
}

/** Fails for good, or so many times because of somebody's lock. */
export interface FailStatement {
  readonly op: 'fail';
}

/** Takes so long. */
export interface PauseStatement {
  readonly op: 'pause';
  readonly ms: number;
}

/** A row of a table of one column, which is unique; or takes it away. */
export interface ItemStatement {
  readonly op: 'insert' | 'remove';
  readonly id: number;
}

/** A tool's history in a database: whether it is there, its versions, its own lock, its table. */
export interface HistoryStatement {
  readonly op: 'history' | 'versions' | 'lock history' | 'create history';
  readonly table: string;
}

/** What a tool writes into its history, or takes out of it. */
export interface NoteStatement {
  readonly op: 'note';
  readonly table: string;
  readonly version: string;
  readonly by: 1 | -1;
  /** The file runs in no transaction, and so apart from its row. */
  readonly apart?: true;
}

/** What a file of a folder does; `by` is -1 where it is undone. */
export interface FileStatement extends Omit<NoteStatement, 'op' | 'apart'> {
  readonly op: 'file';
  /** The address that its source's endpoint leads to. */
  readonly at: string;
}

/** The rows of that table, ascending; or all of it for oneself. */
export interface TableStatement {
  readonly op: 'list' | 'lock';
}

export type TargetStatement =
  | StepStatement
  | OutsideStatement
  | BatchStatement
  | UnbatchStatement
  | BuildStatement
  | DropStatement
  | ReadStatement
  | WriteStatement
  | FailStatement
  | PauseStatement
  | ItemStatement
  | HistoryStatement
  | NoteStatement
  | FileStatement
  | TableStatement;

/** @throws EdenError VALIDATION_FAILED */
export function parseStatement({ text }: Statement): TargetStatement {
  try {
    return JSON.parse(text) as TargetStatement;
  } catch (error) {
    throw new EdenError(
      'VALIDATION_FAILED',
      { issues: [{ path: 'query', message: 'no statement' }] },
      { cause: error },
    );
  }
}

/** What a read answers. */
export interface Sighting {
  readonly api: string;
  readonly database: string;
  readonly value: number;
  readonly expects: number;
  readonly revision: number;
  readonly elsewhere?: boolean;
}

export function rowOf(sighting: Sighting): JsonObject {
  return { ...sighting };
}
