import type { Node } from 'libpg-query';
import { lookups } from '../../names.js';
import type { StatementRule } from '../../rule.js';
import { alterations, tableLookups, writtenName } from '../nodes.js';

export const dropColumn: StatementRule<Node> = {
  name: 'drop-column',
  severity: 'danger',
  title: 'DROP COLUMN removes its values for good',
  reason:
    'A rollback can add the column again, but not its values; and statements that name it fail from the commit on, also those of processes that were released before.',
  safer: 'First release what no longer names the column, then drop it in a later migration',
  examples: {
    dangerous: ['ALTER TABLE orders DROP COLUMN note'],
    safe: [
      'CREATE TABLE orders (id bigint, note text);\nALTER TABLE orders DROP COLUMN note',
      'ALTER TABLE orders ADD COLUMN note text;\nALTER TABLE orders DROP COLUMN note',
    ],
  },
  find(node) {
    const table = 'AlterTableStmt' in node ? node.AlterTableStmt.relation : undefined;
    if (table === undefined) return [];
    return alterations(node)
      .filter(({ subtype }) => subtype === 'AT_DropColumn')
      .map(({ name }) => ({ unless: [...tableLookups(table), ...lookups('column', writtenName(table), name)] }));
  },
};
