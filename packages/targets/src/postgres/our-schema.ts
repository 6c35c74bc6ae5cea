import type { Node } from 'libpg-query';
import { EDEN_SCHEMA } from './names.js';
import { treeObjects } from './syntax.js';

/** As a qualified table, and in the lists of names of DROP SCHEMA, functions and the like; not inside literals. */
export function namesOurSchema(node: Node): boolean {
  for (const object of treeObjects(node)) {
    if (object['schemaname'] === EDEN_SCHEMA || object['newschema'] === EDEN_SCHEMA) return true;
    const name = object['String'] as { sval?: unknown } | undefined;
    if (name?.sval === EDEN_SCHEMA) return true;
  }
  return false;
}
