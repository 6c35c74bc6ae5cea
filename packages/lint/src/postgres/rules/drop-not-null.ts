import type { Node } from 'libpg-query';
import type { StatementRule } from '../../rule.js';
import { alterations, unlessNewTable } from '../nodes.js';

export const dropNotNull: StatementRule<Node> = {
  name: 'drop-not-null',
  severity: 'warning',
  title: 'DROP NOT NULL lets in NULL, which readers may not expect',
  reason:
    'Programs that were written against the old schema may fail on the first NULL, and a rollback that sets NOT NULL again fails on it, too.',
  safer: 'First release readers that take NULL, then drop NOT NULL in a later migration',
  examples: {
    dangerous: ['ALTER TABLE orders ALTER COLUMN total DROP NOT NULL'],
    safe: [
      'ALTER TABLE orders ALTER COLUMN total DROP DEFAULT',
      'CREATE TABLE orders (total int NOT NULL);\nALTER TABLE orders ALTER COLUMN total DROP NOT NULL',
    ],
  },
  find: (node) =>
    alterations(node)
      .filter(({ subtype }) => subtype === 'AT_DropNotNull')
      .map(() => unlessNewTable(node)),
};
