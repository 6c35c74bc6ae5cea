import type { Node } from 'libpg-query';
import type { StatementRule } from '../../rule.js';
import { alterations, unlessNewTable } from '../nodes.js';

export const changeColumnType: StatementRule<Node> = {
  name: 'change-column-type',
  severity: 'warning',
  title: 'ALTER COLUMN … TYPE may rewrite the table while nobody can read it',
  reason:
    'Most changes of a type write every row and every index anew under ACCESS EXCLUSIVE. Only a few do not: varchar to a longer varchar or to text, numeric to more digits. Values that do not fit make it fail at the end.',
  safer:
    'Add a column of the new type, fill it batch by batch, let readers change over, and drop the old one in a later migration',
  examples: {
    dangerous: ['ALTER TABLE orders ALTER COLUMN id TYPE bigint'],
    safe: [
      'ALTER TABLE orders ALTER COLUMN id SET DEFAULT 0',
      'CREATE TABLE orders (id int);\nALTER TABLE orders ALTER COLUMN id TYPE bigint',
    ],
  },
  find: (node) =>
    alterations(node)
      .filter(({ subtype }) => subtype === 'AT_AlterColumnType')
      .map(() => unlessNewTable(node)),
};
