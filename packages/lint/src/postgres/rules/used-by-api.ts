import type { GoneName } from '@eden/domain';
import type { Node, RangeVar } from 'libpg-query';
import { lookups } from '../../names.js';
import type { Match, StatementRule } from '../../rule.js';
import { USED_BY_API } from '../../used-by-api.js';
import { alterations, nameInList, tableLookups, writtenName } from '../nodes.js';

export const usedByApi: StatementRule<Node> = {
  ...USED_BY_API,
  examples: {
    dangerous: [
      'DROP TABLE orders',
      'ALTER TABLE orders DROP COLUMN state',
      'ALTER TABLE orders RENAME state TO status',
      'ALTER TABLE orders RENAME TO purchases',
    ],
    safe: [
      'ALTER TABLE orders ADD COLUMN status text',
      'CREATE TABLE orders (id bigint);\nDROP TABLE orders',
      'ALTER TABLE orders RENAME TO purchases;\nCREATE VIEW orders AS SELECT * FROM purchases',
    ],
  },
  find(node) {
    if ('DropStmt' in node) return dropped(node);
    if ('RenameStmt' in node) return renamed(node);
    const table = 'AlterTableStmt' in node ? node.AlterTableStmt.relation : undefined;
    return alterations(node)
      .filter(({ subtype }) => subtype === 'AT_DropColumn')
      .flatMap(({ name }) => goneOf(table, name ?? null));
  },
};

function dropped({ DropStmt: { removeType, objects } }: Extract<Node, { DropStmt: unknown }>): readonly Match[] {
  if (removeType !== 'OBJECT_TABLE' && removeType !== 'OBJECT_VIEW') return [];
  const kind = removeType === 'OBJECT_TABLE' ? 'table' : 'view';
  return (objects ?? []).map((item) => {
    const written = nameInList(item);
    return { unless: lookups(kind, written), gone: gone(written.name, null) };
  });
}

function renamed({ RenameStmt: statement }: Extract<Node, { RenameStmt: unknown }>): readonly Match[] {
  const { renameType, relation, relationType, subname } = statement;
  if (renameType === 'OBJECT_TABLE') return goneOf(relation, null);
  return renameType === 'OBJECT_COLUMN' && relationType === 'OBJECT_TABLE' ? goneOf(relation, subname ?? null) : [];
}

function goneOf(relation: RangeVar | undefined, column: string | null): readonly Match[] {
  if (relation === undefined) return [];
  const written = writtenName(relation);
  const asView = column === null ? { unlessEver: lookups('view', written) } : {};
  return [{ unless: tableLookups(relation), ...asView, gone: gone(written.name, column) }];
}

function gone(table: string, column: string | null): GoneName {
  return { table: table.toLowerCase(), column: column?.toLowerCase() ?? null };
}
