import type { Node } from 'libpg-query';
import { lookups } from '../../names.js';
import type { StatementRule } from '../../rule.js';
import { alterations, tableLookups, writtenName } from '../nodes.js';

export const validateWithItsConstraint: StatementRule<Node> = {
  name: 'validate-with-its-constraint',
  severity: 'warning',
  title:
    'VALIDATE CONSTRAINT in the migration that adds the constraint reads every row under the lock of ADD CONSTRAINT',
  reason:
    'Locks stay until the commit: NOT VALID followed by VALIDATE in one transaction keeps everybody out for as long as the scan lasts, as if NOT VALID were not there.',
  safer: 'Move VALIDATE CONSTRAINT to a later migration',
  examples: {
    dangerous: [
      'ALTER TABLE orders ADD CONSTRAINT positive CHECK (total > 0) NOT VALID;\nALTER TABLE orders VALIDATE CONSTRAINT positive',
    ],
    safe: ['ALTER TABLE orders VALIDATE CONSTRAINT positive'],
  },
  find(node) {
    const table = 'AlterTableStmt' in node ? node.AlterTableStmt.relation : undefined;
    if (table === undefined) return [];
    return alterations(node)
      .filter(({ subtype }) => subtype === 'AT_ValidateConstraint')
      .map(({ name }) => ({
        unless: tableLookups(table),
        onlyIf: lookups('unvalidated', writtenName(table), name),
      }));
  },
};
