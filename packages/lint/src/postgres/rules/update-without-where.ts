import type { Node } from 'libpg-query';
import type { StatementRule } from '../../rule.js';
import { tableLookups } from '../nodes.js';
import { statementsWithin } from '../statements-within.js';

export const updateWithoutWhere: StatementRule<Node> = {
  name: 'update-without-where',
  severity: 'danger',
  title: 'UPDATE without WHERE changes every row',
  reason:
    'Every row is written anew and stays locked until the commit, so that all other writers of the table wait; on a large table that is long, and the table grows by its own size.',
  safer: 'Say with WHERE which rows are meant; fill large tables batch by batch ("batch" of a template)',
  examples: {
    dangerous: [
      'UPDATE orders SET paid = true',
      'WITH paid AS (UPDATE orders SET paid = true RETURNING id) SELECT count(*) FROM paid',
    ],
    safe: [
      'UPDATE orders SET paid = true WHERE id = 1',
      'CREATE TABLE copy AS SELECT * FROM orders;\nUPDATE copy SET paid = true',
    ],
  },
  find: (node) =>
    statementsWithin(node).flatMap((statement) =>
      'UpdateStmt' in statement && statement.UpdateStmt.whereClause === undefined
        ? [{ unless: tableLookups(statement.UpdateStmt.relation) }]
        : [],
    ),
};
