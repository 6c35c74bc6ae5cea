import type { Node } from 'libpg-query';
import type { StatementRule } from '../../rule.js';

export const dropDatabase: StatementRule<Node> = {
  name: 'drop-database',
  severity: 'danger',
  title: 'DROP DATABASE removes everything in it for good',
  reason: 'It runs in no transaction, so that nothing takes it back when the rest of the migration fails.',
  safer: 'Drop databases by hand, once a backup of them has been read back',
  examples: {
    dangerous: ['DROP DATABASE shop'],
    safe: ['DROP SEQUENCE order_numbers'],
  },
  find: (node) => ('DropdbStmt' in node ? [{}] : []),
};
