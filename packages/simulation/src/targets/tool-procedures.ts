import type { StatementResult } from '@eden/domain';
import type { History } from './history.js';
import type { TakenLock } from './lock-table.js';
import type { FileStatement, HistoryStatement, NoteStatement, TargetStatement } from './statements.js';
import type { Work } from './work.js';

/* What a tool's history answers, and what its files do. */

type ToolStatement = HistoryStatement | NoteStatement | FileStatement;

const OPERATIONS: readonly string[] = [
  'history',
  'versions',
  'lock history',
  'create history',
  'note',
  'file',
] satisfies readonly ToolStatement['op'][];

export function isOfTool(statement: TargetStatement): statement is ToolStatement {
  return OPERATIONS.includes(statement.op);
}

export function locksOfTool({ op, table }: ToolStatement): readonly TakenLock[] {
  return op === 'lock history' ? [[`history/${table}`, 'exclusive']] : [];
}

export function resultOfTool(history: History, work: Work, statement: ToolStatement): StatementResult {
  const { table } = statement;
  switch (statement.op) {
    case 'history':
      return { rows: [{ table, exists: history.exists(work, table) }], rowCount: 1 };
    case 'versions': {
      const rows = history.versions(work, table).map((version) => ({ version }));
      return { rows, rowCount: rows.length };
    }
    case 'create history':
      work.histories.push(table);
      return { rows: [], rowCount: 0 };
    case 'lock history':
      return { rows: [], rowCount: 0 };
    case 'note':
      return note(history, work, statement);
    case 'file':
      work.files.push(statement);
      return { rows: [], rowCount: 1 };
  }
}

/** As in some tools' histories, no key keeps a version from being noted twice. */
function note(history: History, work: Work, statement: NoteStatement): StatementResult {
  const isNoted = history.versions(work, statement.table).includes(statement.version);
  if (statement.by < 0 && !isNoted) return { rows: [], rowCount: 0 };
  work.notes.push(statement);
  return { rows: [], rowCount: 1 };
}
