import type { Node, VariableSetStmt } from 'libpg-query';
import { EDEN_SCHEMA } from './names.js';
import { treeObjects, type ParsedStatement } from './syntax.js';

/*
 * What must not stand in a template, because it would leave the transaction, the role or the session that the atomic
 * commit and the gates rely on.
 */

const ROLE_SETTINGS = ['role', 'session_authorization'];
const TRANSACTION_SETTINGS = [
  'TRANSACTION',
  'TRANSACTION SNAPSHOT',
  'SESSION CHARACTERISTICS',
  'transaction_isolation',
  'transaction_read_only',
  'transaction_deferrable',
];
const OUR_SETTINGS = [
  'application_name',
  'client_connection_check_interval',
  'idle_in_transaction_session_timeout',
  'lock_timeout',
  'statement_timeout',
];

type Refusal = (node: Node) => string | null;

const REFUSALS: readonly Refusal[] = [
  (node) =>
    'TransactionStmt' in node
      ? 'BEGIN, COMMIT, ROLLBACK, SAVEPOINT and PREPARE TRANSACTION are left to the service'
      : null,
  (node) => ('VariableSetStmt' in node ? refuseSetting(node.VariableSetStmt) : null),
  (node) => ('DiscardStmt' in node ? 'DISCARD changes the session' : null),
  (node) =>
    'PrepareStmt' in node || 'ExecuteStmt' in node || 'DeallocateStmt' in node
      ? 'prepared statements outlive the transaction'
      : null,
  (node) =>
    'CopyStmt' in node && !node.CopyStmt.filename ? 'COPY FROM STDIN and COPY TO STDOUT have no peer here' : null,
  (node) => (namesOurSchema(node) ? `the schema ${EDEN_SCHEMA} belongs to the service` : null),
];

/** Why the statements must not run; empty = they may. */
export function refusalsOf(statements: readonly ParsedStatement[], paramCount: number): readonly string[] {
  const found = statements.flatMap(({ node }) => REFUSALS.map((refusal) => refusal(node)));
  const several = paramCount > 0 && statements.length > 1 ? ['parameters need a query of one statement'] : [];
  return [...new Set([...found.filter((reason) => reason !== null), ...several])];
}

function refuseSetting({ name = '', is_local: local, kind }: VariableSetStmt): string | null {
  if (ROLE_SETTINGS.includes(name)) return 'SET ROLE and SET SESSION AUTHORIZATION change who prepares the transaction';
  if (TRANSACTION_SETTINGS.includes(name)) return 'SET TRANSACTION is left to the service';
  if (OUR_SETTINGS.includes(name))
    return `${name} is set by the service: use timeout_ms and lock_timeout_ms of the template`;
  if (kind === 'VAR_RESET_ALL' || !local) return 'SET and RESET outlive the transaction: use SET LOCAL';
  return null;
}

/** As a qualified table, and in the lists of names of DROP SCHEMA, functions and the like; not inside literals. */
function namesOurSchema(node: Node): boolean {
  for (const object of treeObjects(node)) {
    if (object['schemaname'] === EDEN_SCHEMA || object['newschema'] === EDEN_SCHEMA) return true;
    const name = object['String'] as { sval?: unknown } | undefined;
    if (name?.sval === EDEN_SCHEMA) return true;
  }
  return false;
}
