import type { StatementRule } from '../../rule.js';
import { ofEveryRow } from '../every-row.js';
import { type MysqlStatement, isWord } from '../statement.js';

export const deleteWithoutWhere: StatementRule<MysqlStatement> = {
  name: 'delete-without-where',
  severity: 'danger',
  title: 'DELETE without WHERE removes every row',
  reason:
    'Every row is gone with the commit, and no rollback brings it back; until then all other writers of the rows wait.',
  safer: 'Say with WHERE which rows are meant; delete many of them batch by batch ("batch" of a template)',
  examples: {
    dangerous: [
      'DELETE FROM orders',
      'CREATE TABLE copy AS SELECT * FROM orders;\nDELETE orders FROM orders JOIN copy USING (id)',
      'CREATE TABLE copy AS SELECT * FROM orders;\nDELETE copy, orders FROM copy JOIN orders USING (id)',
    ],
    safe: [
      'DELETE FROM orders WHERE id = 1',
      'DELETE FROM orders LIMIT 100',
      'CREATE TABLE copy AS SELECT * FROM orders;\nDELETE QUICK FROM copy RETURNING id, state',
    ],
  },
  find: (statement) => (isWord(statement[0], 'DELETE') ? ofEveryRow(statement) : []),
};
