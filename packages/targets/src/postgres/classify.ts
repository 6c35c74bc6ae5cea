import type { AtomicityClass } from '@eden/domain';
import type { DefElem, Node } from 'libpg-query';
import { isInTree, type ParsedStatement } from './syntax.js';

/** CURSOR_OPT_HOLD of PostgreSQL's parsenodes.h. */
const WITH_HOLD = 0x20;

const OUTSIDE_TRANSACTIONS = [
  'AlterSystemStmt',
  'CreatedbStmt',
  'DropdbStmt',
  'CreateTableSpaceStmt',
  'DropTableSpaceStmt',
  'CreateSubscriptionStmt',
  'AlterSubscriptionStmt',
  'DropSubscriptionStmt',
];

/** Of channels nothing can be prepared. */
const UNPREPARED = ['ListenStmt', 'UnlistenStmt', 'NotifyStmt'];

/**
 * What the statements can promise by themselves: `2pc`; `one-phase` for what PREPARE TRANSACTION refuses; or
 * `irreversible` for what refuses to run inside a transaction. What only shows at run time (a trigger that notifies)
 * is found by the PREPARE of the first run.
 */
export function classify(statements: readonly Pick<ParsedStatement, 'node'>[]): AtomicityClass {
  if (statements.some(({ node }) => runsOutsideTransactions(node))) return 'irreversible';
  if (statements.some(({ node }) => cannotBePrepared(node))) return 'one-phase';
  return '2pc';
}

/** The callers of PreventInTransactionBlock in PostgreSQL's sources. */
export function runsOutsideTransactions(node: Node): boolean {
  if (OUTSIDE_TRANSACTIONS.some((kind) => kind in node)) return true;
  if ('VacuumStmt' in node) return node.VacuumStmt.is_vacuumcmd === true;
  if ('ClusterStmt' in node) return node.ClusterStmt.relation === undefined;
  if ('IndexStmt' in node) return node.IndexStmt.concurrent === true;
  if ('DropStmt' in node) return node.DropStmt.concurrent === true;
  if ('AlterDatabaseStmt' in node) return optionOf(node.AlterDatabaseStmt.options, 'tablespace') !== undefined;
  return reindexesOutside(node) || detachesConcurrently(node);
}

/** Their options, and the slots that they meet, say whether they may be inside after all: only the server knows. */
const SUBSCRIPTIONS = ['CreateSubscriptionStmt', 'AlterSubscriptionStmt', 'DropSubscriptionStmt'];

/** No transaction takes it, whatever there is in the database. */
export function surelyRunsOutside(node: Node): boolean {
  return runsOutsideTransactions(node) && !SUBSCRIPTIONS.some((kind) => kind in node);
}

function reindexesOutside(node: Node): boolean {
  if (!('ReindexStmt' in node)) return false;
  const { kind, params } = node.ReindexStmt;
  const one = kind === 'REINDEX_OBJECT_TABLE' || kind === 'REINDEX_OBJECT_INDEX';
  return !one || optionOf(params, 'concurrently') === true;
}

function detachesConcurrently(node: Node): boolean {
  if (!('AlterTableStmt' in node)) return false;
  return isInTree(node, (object) => 'PartitionCmd' in object && isConcurrent(object['PartitionCmd']));
}

function isConcurrent(command: unknown): boolean {
  return (command as { concurrent?: boolean }).concurrent === true;
}

const OFF = /^(false|off|0)$/i;

/** False where it is switched off; undefined where it is not there. Of several the last one counts, as in the server. */
function optionOf(options: readonly Node[] | undefined, name: string): boolean | undefined {
  const found = (options ?? []).map((option) => (option as { DefElem?: DefElem }).DefElem);
  const option = found.findLast((each) => each?.defname === name);
  return option === undefined ? undefined : !OFF.test(valueOf(option.arg));
}

/** As it is written; empty where an option stands alone, which switches it on. */
function valueOf(arg: Node | undefined): string {
  if (arg === undefined) return '';
  if ('String' in arg) return arg.String.sval ?? '';
  if ('Boolean' in arg) return String(arg.Boolean.boolval === true);
  return 'Integer' in arg ? String(arg.Integer.ival ?? 0) : '';
}

/** The refusals of PrepareTransaction in PostgreSQL's xact.c. */
function cannotBePrepared(node: Node): boolean {
  if (UNPREPARED.some((kind) => kind in node)) return true;
  if ('DeclareCursorStmt' in node) return ((node.DeclareCursorStmt.options ?? 0) & WITH_HOLD) !== 0;
  // Its differences are written into a temporary table.
  if ('RefreshMatViewStmt' in node && node.RefreshMatViewStmt.concurrent === true) return true;
  return isInTree(node, (object) => object['relpersistence'] === 't' || object['schemaname'] === 'pg_temp');
}
