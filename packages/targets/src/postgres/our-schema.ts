import type { Node } from 'libpg-query';
import { EDEN_SCHEMA } from './names.js';
import { isInTree } from './syntax.js';

/** As a qualified table, and in the lists of names of DROP SCHEMA, functions and the like; not inside literals. */
export function namesOurSchema(node: Node): boolean {
  return isInTree(node, (object) => {
    const name = object['String'] as { sval?: unknown } | undefined;
    return object['schemaname'] === EDEN_SCHEMA || object['newschema'] === EDEN_SCHEMA || name?.sval === EDEN_SCHEMA;
  });
}
