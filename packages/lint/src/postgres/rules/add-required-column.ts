import type { ColumnDef, Node } from 'libpg-query';
import type { StatementRule } from '../../rule.js';
import { addedColumn, alterations, hasConstraint, isSerial, unlessNewTable } from '../nodes.js';

export const addRequiredColumn: StatementRule<Node> = {
  name: 'add-required-column',
  severity: 'danger',
  title: 'ADD COLUMN … NOT NULL without a default fails when the table has rows',
  reason: 'Rows that are there have no value for it. On an empty table it passes, so that tests do not show it.',
  safer: 'Give it a constant DEFAULT, or add it without NOT NULL, fill it, and require it in a later migration',
  examples: {
    dangerous: ['ALTER TABLE orders ADD COLUMN total int NOT NULL'],
    safe: [
      'ALTER TABLE orders ADD COLUMN total int NOT NULL DEFAULT 0',
      'ALTER TABLE orders ADD COLUMN total int',
      'CREATE TABLE orders (id bigint);\nALTER TABLE orders ADD COLUMN total int NOT NULL',
    ],
  },
  find: (node) =>
    alterations(node)
      .map(addedColumn)
      .filter((column) => column !== null && isRequired(column) && !fillsItself(column))
      .map(() => unlessNewTable(node)),
};

function isRequired(column: ColumnDef): boolean {
  return hasConstraint(column, 'CONSTR_NOTNULL', 'CONSTR_PRIMARY');
}

function fillsItself(column: ColumnDef): boolean {
  return isSerial(column) || hasConstraint(column, 'CONSTR_DEFAULT', 'CONSTR_IDENTITY', 'CONSTR_GENERATED');
}
