import { lookups } from '../../names.js';
import type { StatementRule } from '../../rule.js';
import { addedConstraint, alterationsIn, unlessNew } from '../alter.js';
import { type MysqlStatement, behind, isWord, nameAt } from '../statement.js';

export const indexBlocksWrites: StatementRule<MysqlStatement> = {
  name: 'index-blocks-writes',
  severity: 'warning',
  title: 'This index blocks writes to the table while it builds',
  reason:
    'InnoDB builds most indexes beside the traffic; FULLTEXT and SPATIAL indexes block writes, and the first FULLTEXT index of a table copies it.',
  safer: 'Build it while nobody writes to the table',
  examples: {
    dangerous: [
      'CREATE FULLTEXT INDEX by_text ON orders (note)',
      'ALTER TABLE orders ADD SPATIAL INDEX by_place (place)',
    ],
    safe: [
      'CREATE INDEX by_state ON orders (state)',
      'ALTER TABLE orders ADD UNIQUE KEY (number)',
      'CREATE TABLE orders (note text);\nALTER TABLE orders ADD FULLTEXT KEY (note)',
    ],
  },
  find(statement) {
    if (
      isWord(statement[0], 'CREATE') &&
      isWord(behind(statement, 'CREATE', 'OR', 'REPLACE')[0], 'FULLTEXT', 'SPATIAL')
    ) {
      const table = nameAt(statement.slice(statement.findIndex((part) => isWord(part, 'ON')) + 1));
      return [{ unless: table === null ? [] : lookups('table', table.name) }];
    }
    return alterationsIn(statement)
      .filter((alteration) => isWord(addedConstraint(alteration)?.what[0], 'FULLTEXT', 'SPATIAL'))
      .map(unlessNew);
  },
};
