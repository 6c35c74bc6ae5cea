import type { Constraint, Node, RangeVar } from 'libpg-query';
import { lookups } from '../../names.js';
import type { Match, StatementRule } from '../../rule.js';
import { addedColumn, addedConstraint, alterations, constraintsOf, stringsOf, writtenName } from '../nodes.js';

export const foreignKeyWithoutIndex: StatementRule<Node> = {
  name: 'foreign-key-without-index',
  severity: 'warning',
  title: 'The run makes no index that begins with the columns of this foreign key',
  reason:
    'PostgreSQL indexes what a foreign key refers to, and not its own columns: each DELETE and each change of a key in the other table reads all of this one, under locks. An index from before the run is not known here.',
  safer: 'Create an index on the columns of the foreign key, unless there is one already',
  examples: {
    dangerous: [
      'CREATE TABLE orders (id bigint PRIMARY KEY, customer bigint REFERENCES customers)',
      'ALTER TABLE orders ADD CONSTRAINT of_shop FOREIGN KEY (country, shop) REFERENCES shops NOT VALID;\nCREATE INDEX ON orders (country, state, shop)',
      'CREATE TABLE orders (customer bigint REFERENCES customers, open boolean);\nCREATE INDEX ON orders (customer) WHERE open',
    ],
    safe: [
      'CREATE TABLE orders (customer bigint REFERENCES customers);\nCREATE INDEX orders_customer ON orders (customer, state)',
      'CREATE TABLE orders (customer bigint REFERENCES customers);\nCREATE INDEX ON orders (customer) WHERE customer IS NOT NULL',
      'CREATE TABLE accounts (customer bigint PRIMARY KEY REFERENCES customers)',
      'CREATE INDEX CONCURRENTLY a ON orders (shop, country);\nALTER TABLE orders ADD FOREIGN KEY (country, shop) REFERENCES shops NOT VALID',
    ],
  },
  find(node) {
    const table = tableOf(node);
    if (table === undefined) return [];
    return foreignKeysOf(node).map((columns) => matchOf(table, columns));
  },
};

function matchOf(table: RangeVar, columns: readonly string[]): Match {
  return { unlessEver: lookups('leading', writtenName(table), columns.toSorted().join(',')) };
}

function tableOf(node: Node): RangeVar | undefined {
  if ('CreateStmt' in node) return node.CreateStmt.relation;
  return 'AlterTableStmt' in node ? node.AlterTableStmt.relation : undefined;
}

/** Each by its columns. */
function foreignKeysOf(node: Node): readonly (readonly string[])[] {
  if ('CreateStmt' in node) {
    return (node.CreateStmt.tableElts ?? []).flatMap((item) => {
      if ('Constraint' in item) return ofConstraint(item.Constraint);
      return 'ColumnDef' in item ? ofColumn(item.ColumnDef) : [];
    });
  }
  return alterations(node).flatMap((command) => {
    const [column, constraint] = [addedColumn(command), addedConstraint(command)];
    if (column !== null) return ofColumn(column);
    return constraint === null ? [] : ofConstraint(constraint);
  });
}

function ofColumn(column: Parameters<typeof constraintsOf>[0] & { readonly colname?: string }) {
  const isForeign = constraintsOf(column).some(({ contype }) => contype === 'CONSTR_FOREIGN');
  return isForeign && column.colname !== undefined ? [[column.colname]] : [];
}

function ofConstraint({ contype, fk_attrs: columns }: Constraint): readonly (readonly string[])[] {
  return contype === 'CONSTR_FOREIGN' ? [stringsOf(columns)] : [];
}
