import type { StatementRule } from '../../rule.js';
import { alterationsIn, changedColumn, unlessNew } from '../alter.js';
import { type MysqlStatement, isWord } from '../statement.js';

export const changeColumnType: StatementRule<MysqlStatement> = {
  name: 'change-column-type',
  severity: 'warning',
  title: 'MODIFY and CHANGE may copy the table while nobody can write to it',
  reason:
    'A change of the type, the character set or the sign copies every row; only a few changes (a longer VARCHAR, a new default) do not. MariaDB commits it by itself.',
  safer:
    'Ask for ALGORITHM=INSTANT or ALGORITHM=NOCOPY, which fails where a copy would be made; else add a column of the new type, fill it batch by batch, and drop the old one in a later migration',
  examples: {
    dangerous: ['ALTER TABLE orders MODIFY COLUMN id bigint', 'ALTER TABLE orders CHANGE id id bigint'],
    safe: [
      'ALTER TABLE orders MODIFY state varchar(200), ALGORITHM=INSTANT',
      'ALTER TABLE orders ALTER COLUMN state SET DEFAULT 1',
      'CREATE TABLE orders (id int);\nALTER TABLE orders MODIFY id bigint',
    ],
  },
  find(statement) {
    const alterations = alterationsIn(statement);
    if (
      alterations.some(
        ({ action: [first, , value] }) => isWord(first, 'ALGORITHM') && isWord(value, 'INSTANT', 'NOCOPY'),
      )
    )
      return [];
    return alterations.filter((alteration) => changedColumn(alteration) !== null).map(unlessNew);
  },
};
