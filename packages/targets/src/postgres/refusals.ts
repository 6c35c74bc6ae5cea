import type { FuncCall, Node, UpdateStmt, VariableSetStmt } from 'libpg-query';
import { EDEN_SCHEMA } from './names.js';
import { namesOurSchema } from './our-schema.js';
import { findInTree, type ParsedStatement } from './syntax.js';

/*
 * What must not stand in a template, because it would leave the transaction, the role or the session that the atomic
 * commit and the gates rely on.
 */

const ROLE_SETTINGS = ['role', 'session_authorization'];
const TRANSACTION_SETTINGS = [
  'transaction',
  'transaction snapshot',
  'session characteristics',
  'transaction_isolation',
  'transaction_read_only',
  'transaction_deferrable',
];
const OUR_SETTINGS = [
  'application_name',
  'client_connection_check_interval',
  'idle_in_transaction_session_timeout',
  'idle_session_timeout',
  'lock_timeout',
  'statement_timeout',
  'transaction_timeout',
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
  (node) => findInTree(node, refuseSetConfig),
  (node) => (findInTree(node, updatesSettings) ? 'settings are not changed through pg_settings: use SET LOCAL' : null),
  (node) => (namesOurSchema(node) ? `the schema ${EDEN_SCHEMA} belongs to the service` : null),
];

/** Why the statements must not run; empty = they may. */
export function refusalsOf(statements: readonly ParsedStatement[], paramCount: number): readonly string[] {
  const found = statements.flatMap(({ node }) => REFUSALS.map((refusal) => refusal(node)));
  const several = paramCount > 0 && statements.length > 1 ? ['parameters need a query of one statement'] : [];
  return [...new Set([...found.filter((reason) => reason !== null), ...several])];
}

function refuseSetting({ name = '', args, is_local: local, kind }: VariableSetStmt): string | null {
  const refusal = refuseSettingOf(name) ?? refusePath(name, args);
  if (refusal !== null) return refusal;
  return kind === 'VAR_RESET_ALL' || !local ? 'SET and RESET outlive the transaction: use SET LOCAL' : null;
}

/** Names of settings are the same in any case. */
function refuseSettingOf(written: string): string | null {
  const name = written.toLowerCase();
  if (ROLE_SETTINGS.includes(name)) return 'SET ROLE and SET SESSION AUTHORIZATION change who prepares the transaction';
  if (TRANSACTION_SETTINGS.includes(name)) return 'SET TRANSACTION is left to the service';
  if (OUR_SETTINGS.includes(name))
    return `${name} is set by the service: use timeout_ms and lock_timeout_ms of the template`;
  return name === 'client_encoding' ? 'client_encoding is UTF8: the service reads and writes nothing else' : null;
}

/** A setting that is named only while the statement runs could be any. */
function refuseSetConfig(object: Readonly<Record<string, unknown>>): string | null {
  const call = object['FuncCall'] as FuncCall | undefined;
  if (call === undefined || nameOf(call) !== 'set_config') return null;
  const setting = literalOf(call.args?.[0]);
  if (setting === null) return 'set_config names its setting in a plain literal';
  return refuseSettingOf(setting) ?? refusePath(setting, call.args?.slice(1, 2));
}

function nameOf({ funcname }: FuncCall): string | undefined {
  const name = funcname?.at(-1);
  return name !== undefined && 'String' in name ? name.String.sval : undefined;
}

/** On the path, our tables would be found without their schema's name. What is only known at run time could name it. */
function refusePath(setting: string, values: readonly Node[] = []): string | null {
  if (setting.toLowerCase() !== 'search_path') return null;
  const names = values.map(literalOf);
  const isOurs = names.some((name) => name === null || name.toLowerCase().includes(EDEN_SCHEMA));
  return isOurs ? `search_path is given in plain literals, and without ${EDEN_SCHEMA}` : null;
}

function literalOf(node: Node | undefined): string | null {
  if (node === undefined) return null;
  if ('TypeCast' in node) return literalOf(node.TypeCast.arg);
  return 'A_Const' in node && node.A_Const.sval !== undefined ? (node.A_Const.sval.sval ?? '') : null;
}

/** An UPDATE of this view calls set_config. */
function updatesSettings(object: Readonly<Record<string, unknown>>): true | null {
  const { relname, schemaname = 'pg_catalog' } = (object['UpdateStmt'] as UpdateStmt | undefined)?.relation ?? {};
  return relname === 'pg_settings' && schemaname === 'pg_catalog' ? true : null;
}
