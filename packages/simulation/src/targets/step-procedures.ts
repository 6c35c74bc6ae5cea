import type { StatementResult } from '@eden/domain';
import { backfillOf, keysOf } from './backfills.js';
import type { TakenLock } from './lock-table.js';
import { StatementFailed } from './statement-failed.js';
import type {
  BatchStatement,
  BuildStatement,
  DropStatement,
  ItemStatement,
  TargetStatement,
  UnbatchStatement,
} from './statements.js';
import type { TargetDatabase } from './target-database.js';
import type { Procedure, TargetSession } from './target-session.js';
import type { Work } from './work.js';

/* What steps outside the transaction ask for, and what takes them back. */

type StepStatement = BatchStatement | UnbatchStatement | DropStatement;

const OPERATIONS: readonly string[] = ['batch', 'unbatch', 'drop'] satisfies readonly StepStatement['op'][];

export function isOfStep(statement: TargetStatement): statement is StepStatement {
  return OPERATIONS.includes(statement.op);
}

/** Whoever changes rows has them to the end of his transaction. */
export function locksOfStep(statement: StepStatement): readonly TakenLock[] {
  return statement.op === 'drop' ? [] : [[`backfill/${backfillOf(statement)}`, 'exclusive']];
}

export function resultOfStep(database: TargetDatabase, work: Work, statement: StepStatement): StatementResult {
  switch (statement.op) {
    case 'batch': {
      const { run, binding } = statement;
      const keys = keysOf(statement);
      work.batches.push({ run, binding, keys });
      return { rows: keys.map((id) => ({ id })), rowCount: keys.length };
    }
    case 'unbatch':
      work.unbatched.push(statement);
      return { rows: [], rowCount: database.backfills.keysDone(statement).length };
    case 'drop':
      work.indexes.set(statement.index, null);
      return { rows: [], rowCount: 0 };
  }
}

interface Building {
  readonly by: string;
  /** Of the table, which whoever changes it has. */
  readonly lock: string;
  readonly lockTimeoutMs: number;
}

/**
 * An index that is built concurrently: it is there, invalid, before those are waited for who have the table, and valid
 * behind them. Whoever breaks it off leaves it as it is.
 */
export function* build(
  session: TargetSession,
  { index }: BuildStatement,
  { by, lock, lockTimeoutMs }: Building,
): Procedure<void> {
  const { database } = session;
  if (database.indexes.has(index)) throw new StatementFailed(`relation "${index}" already exists`);
  const id = database.nextIndex();
  const begun = session.begin('build');
  begun.indexes.set(index, { id, isValid: false });
  database.commit(begun, by);
  const ended = session.begin('build');
  yield { pauseMs: BUILD_MS };
  yield { lock, mode: 'exclusive', timeoutMs: lockTimeoutMs };
  if (database.indexes.get(index)?.id !== id) throw new StatementFailed(`relation "${index}" does not exist`);
  ended.indexes.set(index, { id, isValid: true });
  database.commit(ended, by);
  session.work = null;
}

/** Of a build that waits for nobody. */
const BUILD_MS = 20;
