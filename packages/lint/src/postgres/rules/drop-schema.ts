import type { Node } from 'libpg-query';
import { lookups } from '../../names.js';
import type { StatementRule } from '../../rule.js';
import { nameInList } from '../nodes.js';

export const dropSchema: StatementRule<Node> = {
  name: 'drop-schema',
  severity: 'danger',
  title: 'DROP SCHEMA removes everything in it for good',
  reason: 'With CASCADE all tables of the schema go, and no rollback brings their rows back.',
  safer: 'Drop what is in it by name, table by table, so that the plan shows what goes',
  examples: {
    dangerous: ['DROP SCHEMA archive CASCADE', 'DROP SCHEMA archive'],
    safe: ['CREATE SCHEMA scratch;\nDROP SCHEMA scratch'],
  },
  find(node) {
    if (!('DropStmt' in node) || node.DropStmt.removeType !== 'OBJECT_SCHEMA') return [];
    return (node.DropStmt.objects ?? []).map((item) => ({ unless: lookups('schema', nameInList(item)) }));
  },
};
