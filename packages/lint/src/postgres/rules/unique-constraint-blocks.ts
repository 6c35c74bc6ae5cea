import type { Node } from 'libpg-query';
import type { StatementRule } from '../../rule.js';
import { addedColumn, addedConstraint, alterations, hasConstraint, unlessNewTable } from '../nodes.js';

const INDEXED = ['CONSTR_UNIQUE', 'CONSTR_PRIMARY', 'CONSTR_EXCLUSION'] as const;

export const uniqueConstraintBlocks: StatementRule<Node> = {
  name: 'unique-constraint-blocks',
  severity: 'warning',
  title: 'A key without USING INDEX builds its index while nobody can use the table',
  reason: 'UNIQUE, PRIMARY KEY and EXCLUDE hold ACCESS EXCLUSIVE from the beginning of the build to the commit.',
  safer:
    'CREATE UNIQUE INDEX CONCURRENTLY, then ADD CONSTRAINT … USING INDEX in a later migration; for EXCLUDE there is no such way',
  examples: {
    dangerous: [
      'ALTER TABLE orders ADD CONSTRAINT one_number UNIQUE (number)',
      'ALTER TABLE orders ADD PRIMARY KEY (id)',
      'ALTER TABLE orders ADD COLUMN number int UNIQUE',
    ],
    safe: [
      'ALTER TABLE orders ADD CONSTRAINT one_number UNIQUE USING INDEX orders_number',
      'CREATE TABLE orders (id bigint);\nALTER TABLE orders ADD PRIMARY KEY (id)',
    ],
  },
  find: (node) =>
    alterations(node)
      .filter((command) => {
        const [column, constraint] = [addedColumn(command), addedConstraint(command)];
        if (column !== null) return hasConstraint(column, ...INDEXED);
        return constraint !== null && constraint.indexname === undefined && isIndexed(constraint.contype);
      })
      .map(() => unlessNewTable(node)),
};

function isIndexed(kind: string | undefined): boolean {
  return (INDEXED as readonly (string | undefined)[]).includes(kind);
}
