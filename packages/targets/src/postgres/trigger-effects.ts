import type { Statement } from '@eden/domain';
import { loadModule, type Node } from 'libpg-query';
import { escapeIdentifier, type QueryResult } from 'pg';
import { calledNames, codeTokens, hasWord } from './tokens.js';
import { nodesOf } from './script/nodes.js';
import { collectFromTree, isInTree, literalsIn } from './syntax.js';

/*
 * Triggers that NOTIFY, as PostgREST and Supabase have them on every change of the schema: PREPARE TRANSACTION refuses a
 * transaction in which one has fired. Which do so is read from the text of their functions; a condition inside is taken
 * for true.
 */

/** As triggers.sql gives them. */
export interface TriggerRow {
  readonly name: string;
  readonly event: string | null;
  readonly tags: string | null;
  readonly schema: string | null;
  readonly table: string | null;
  readonly kinds: number;
  readonly function: string;
}

/** As trigger-functions.sql gives them. */
export interface FunctionRow {
  readonly function: string;
  readonly name: string;
  readonly source: string;
}

/** pg_trigger.tgtype, of PostgreSQL's catalog/pg_trigger.h. */
const KINDS = { insert: 4, delete: 8, update: 16, truncate: 32 } as const;

/** Of which command tags an event trigger may be filtered by, for the commands that migrations are made of. */
const TAGS: readonly (readonly [string, RegExp])[] = [
  ['CreateStmt', /^CREATE TABLE$/],
  ['CreateTableAsStmt', /^(CREATE TABLE AS|CREATE MATERIALIZED VIEW|SELECT INTO)$/],
  ['AlterTableStmt', /^ALTER /],
  ['RenameStmt', /^ALTER /],
  ['IndexStmt', /^CREATE INDEX$/],
  ['ViewStmt', /^CREATE VIEW$/],
  ['CreateFunctionStmt', /^CREATE (FUNCTION|PROCEDURE)$/],
  ['CreateTrigStmt', /^CREATE (TRIGGER|CONSTRAINT TRIGGER)$/],
  ['DropStmt', /^DROP /],
  ['GrantStmt', /^(GRANT|REVOKE)$/],
  ['CommentStmt', /^COMMENT$/],
];

/** Statements that fire no event trigger: of data, of sessions, of what the whole server shares. */
const NO_DDL = new Set(
  `SelectStmt InsertStmt UpdateStmt DeleteStmt MergeStmt CopyStmt TruncateStmt LockStmt ExplainStmt VariableSetStmt
   VariableShowStmt NotifyStmt ListenStmt UnlistenStmt CheckPointStmt VacuumStmt ConstraintsSetStmt CallStmt
   DeclareCursorStmt FetchStmt ClosePortalStmt CreateEventTrigStmt AlterEventTrigStmt CreatedbStmt DropdbStmt
   CreateRoleStmt AlterRoleStmt DropRoleStmt CreateTableSpaceStmt DropTableSpaceStmt`.split(/\s+/),
);

/** The triggers among `triggers` whose functions notify, by themselves or through others. */
export async function notifying(
  triggers: readonly TriggerRow[],
  functions: readonly FunctionRow[],
): Promise<readonly TriggerRow[]> {
  await loadModule();
  const scanned = functions.map((row) => ({ row, tokens: codeTokens(row.source) }));
  const names = new Set(['pg_notify']);
  const found = new Set<string>();
  for (let before = -1; before !== found.size;) {
    before = found.size;
    for (const { row, tokens } of scanned) {
      if (!hasWord(tokens, 'NOTIFY') && !calledNames(tokens).some((name) => names.has(name))) continue;
      found.add(row.function);
      names.add(row.name);
    }
  }
  return triggers.filter((trigger) => found.has(trigger.function));
}

/** Why what a text does cannot be prepared where these triggers are; each with what to do about it. */
export async function notificationsOf(
  triggers: readonly TriggerRow[],
  statement: Statement,
): Promise<readonly string[]> {
  if (triggers.length === 0) return [];
  const fired = new Set<TriggerRow>();
  for await (const node of nodesOf(statement)) triggers.filter(firedBy(node)).forEach((trigger) => fired.add(trigger));
  return triggers.filter((trigger) => fired.has(trigger)).map(reasonOf);
}

export function triggersIn(result: QueryResult | undefined): readonly TriggerRow[] {
  return (result?.rows ?? []) as TriggerRow[];
}

export function functionsIn(result: QueryResult | undefined): readonly FunctionRow[] {
  return (result?.rows ?? []) as FunctionRow[];
}

function reasonOf({ name, event, schema, table }: TriggerRow): string {
  if (event !== null) {
    return `the event trigger "${name}" notifies whenever the schema changes (as PostgREST and Supabase have it), which no transaction that is to be prepared may: ALTER EVENT TRIGGER ${escapeIdentifier(name)} DISABLE before the migration, ENABLE and NOTIFY after it`;
  }
  return `the trigger "${name}" of ${schema}.${table} notifies, which no transaction that is to be prepared may: ALTER TABLE ${[schema ?? '', table ?? ''].map(escapeIdentifier).join('.')} DISABLE TRIGGER ${escapeIdentifier(name)} in the migration`;
}

function firedBy(node: Node): (trigger: TriggerRow) => boolean {
  const change = schemaChangeOf(node);
  const writes = writesOf(node);
  return ({ event, tags, schema, table, kinds }) => {
    if (event !== null) return change !== null && matchesTag(change, tags);
    return writes.some((write) => (write.kinds & kinds) !== 0 && isTable(write, schema, table));
  };
}

/** The kind of node that changes the schema; null where nothing does. */
function schemaChangeOf(node: Node): string | null {
  const [kind = ''] = Object.keys(node);
  if (kind === 'DoStmt') return changesInside(node) ? kind : null;
  if (kind === 'SelectStmt') return hasKey(node, 'intoClause') ? 'CreateTableAsStmt' : null;
  return NO_DDL.has(kind) ? null : kind;
}

function changesInside(node: Node): boolean {
  const tokens = literalsIn(node).flatMap(codeTokens);
  return hasWord(tokens, 'CREATE', 'ALTER', 'DROP', 'GRANT', 'REVOKE', 'COMMENT', 'EXECUTE');
}

/** A command that is not known by its tags may be any. */
function matchesTag(change: string, tags: string | null): boolean {
  const pattern = TAGS.find(([kind]) => kind === change)?.[1];
  return tags === null || pattern === undefined || tags.split(',').some((tag) => pattern.test(tag));
}

interface Write {
  readonly schema: string | null;
  readonly table: string;
  readonly kinds: number;
}

interface Relation {
  readonly schemaname?: string;
  readonly relname?: string;
}

/** Also inside WITH. */
function writesOf(node: Node): readonly Write[] {
  return collectFromTree(node, (object) => [
    ...writing(object, 'InsertStmt', KINDS.insert | KINDS.update),
    ...writing(object, 'UpdateStmt', KINDS.update),
    ...writing(object, 'DeleteStmt', KINDS.delete),
    ...writing(object, 'MergeStmt', KINDS.insert | KINDS.update | KINDS.delete),
    ...writing(object, 'CopyStmt', KINDS.insert),
    ...truncated(object),
  ]);
}

function writing(object: Readonly<Record<string, unknown>>, kind: string, kinds: number): readonly Write[] {
  const { relation } = (object[kind] ?? {}) as { relation?: Relation };
  return relation === undefined ? [] : [writeOf(relation, kinds)];
}

function truncated(object: Readonly<Record<string, unknown>>): readonly Write[] {
  const { relations = [] } = (object['TruncateStmt'] ?? {}) as { relations?: readonly { RangeVar?: Relation }[] };
  return relations.map(({ RangeVar = {} }) => writeOf(RangeVar, KINDS.truncate));
}

function writeOf({ schemaname, relname = '' }: Relation, kinds: number): Write {
  return { schema: schemaname ?? null, table: relname, kinds };
}

/** A name without a schema may be that of any. */
function isTable(write: Write, schema: string | null, table: string | null): boolean {
  return write.table === table && (write.schema === null || write.schema === schema);
}

function hasKey(node: Node, key: string): boolean {
  return isInTree(node, (object) => key in object);
}
