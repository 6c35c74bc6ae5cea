import type { Node } from 'libpg-query';
import type { StatementRule } from '../../rule.js';
import { tableLookups } from '../nodes.js';
import { statementsWithin } from '../statements-within.js';

export const deleteWithoutWhere: StatementRule<Node> = {
  name: 'delete-without-where',
  severity: 'danger',
  title: 'DELETE without WHERE removes every row',
  reason:
    'Every row is gone with the commit, and no rollback brings it back; until then all other writers of the rows wait.',
  safer: 'Say with WHERE which rows are meant; delete many of them batch by batch ("batch" of a template)',
  examples: {
    dangerous: ['DELETE FROM orders', 'WITH gone AS (DELETE FROM orders RETURNING id) SELECT count(*) FROM gone'],
    safe: ['DELETE FROM orders WHERE id = 1', 'CREATE TABLE copy AS SELECT * FROM orders;\nDELETE FROM copy'],
  },
  find: (node) =>
    statementsWithin(node).flatMap((statement) =>
      'DeleteStmt' in statement && statement.DeleteStmt.whereClause === undefined
        ? [{ unless: tableLookups(statement.DeleteStmt.relation) }]
        : [],
    ),
};
