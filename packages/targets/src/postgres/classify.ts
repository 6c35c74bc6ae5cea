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
  if ('AlterDatabaseStmt' in node) return hasOption(node.AlterDatabaseStmt.options, 'tablespace');
  return reindexesOutside(node) || detachesConcurrently(node);
}

function reindexesOutside(node: Node): boolean {
  if (!('ReindexStmt' in node)) return false;
  const { kind, params } = node.ReindexStmt;
  const one = kind === 'REINDEX_OBJECT_TABLE' || kind === 'REINDEX_OBJECT_INDEX';
  return !one || hasOption(params, 'concurrently');
}

function detachesConcurrently(node: Node): boolean {
  if (!('AlterTableStmt' in node)) return false;
  return isInTree(node, (object) => 'PartitionCmd' in object && isConcurrent(object['PartitionCmd']));
}

function isConcurrent(command: unknown): boolean {
  return (command as { concurrent?: boolean }).concurrent === true;
}

function hasOption(options: readonly Node[] | undefined, name: string): boolean {
  return (options ?? []).some((option) => (option as { DefElem?: DefElem }).DefElem?.defname === name);
}

/** The refusals of PrepareTransaction in PostgreSQL's xact.c. */
function cannotBePrepared(node: Node): boolean {
  if (UNPREPARED.some((kind) => kind in node)) return true;
  if ('DeclareCursorStmt' in node) return ((node.DeclareCursorStmt.options ?? 0) & WITH_HOLD) !== 0;
  // Its differences are written into a temporary table.
  if ('RefreshMatViewStmt' in node && node.RefreshMatViewStmt.concurrent === true) return true;
  return isInTree(node, (object) => object['relpersistence'] === 't' || object['schemaname'] === 'pg_temp');
}
