import type { StatementResult } from '@eden/domain';
import type { TakenLock } from './lock-table.js';
import { StatementFailed } from './statement-failed.js';
import type { ItemStatement, TableStatement, TargetStatement } from './statements.js';
import type { Work } from './work.js';

/* A table of one column, which is unique. */

type ItemsStatement = ItemStatement | TableStatement;

export const TABLE_LOCK = 'table/item';

const OPERATIONS: readonly string[] = ['insert', 'remove', 'list', 'lock'] satisfies readonly ItemsStatement['op'][];

export function isOfItems(statement: TargetStatement): statement is ItemsStatement {
  return OPERATIONS.includes(statement.op);
}

export function locksOfItems(statement: ItemsStatement): readonly TakenLock[] {
  if (!('id' in statement)) return [[TABLE_LOCK, statement.op === 'lock' ? 'exclusive' : 'shared']];
  return [
    [TABLE_LOCK, 'shared'],
    [`row/item/${statement.id}`, 'exclusive'],
  ];
}

export function resultOfItems(items: ReadonlySet<number>, work: Work, statement: ItemsStatement): StatementResult {
  switch (statement.op) {
    case 'insert':
      if (items.has(statement.id) || work.items.includes(statement.id)) throw new StatementFailed('duplicate key');
      work.items.push(statement.id);
      return { rows: [], rowCount: 1 };
    case 'remove':
      work.removed.push(statement.id);
      return { rows: [], rowCount: 1 };
    case 'list': {
      const rows = [...items, ...work.items].sort((a, b) => a - b).map((id) => ({ id }));
      return { rows, rowCount: rows.length };
    }
    case 'lock':
      return { rows: [], rowCount: 0 };
  }
}
