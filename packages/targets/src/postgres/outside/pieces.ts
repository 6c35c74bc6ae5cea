import type { Statement } from '@eden/domain';
import type { IndexStmt, Node, ScanToken, VariableSetStmt } from 'libpg-query';
import { escapeIdentifier } from 'pg';
import { runsOutsideTransactions } from '../classify.js';
import { cutScript } from '../script/cut.js';
import { judge } from '../script/judge.js';
import { splitStatements, type SingleStatement } from '../split.js';
import { parseStatements } from '../syntax.js';
import { codeTokens } from '../tokens.js';

/** An index that a statement builds concurrently, by the names in the statement. */
export interface BuiltIndex {
  readonly name: string;
  /** As SQL. */
  readonly table: string;
}

/** An index or a table, as SQL; or all of a schema; or, where both are null, all of the database. */
export interface Reindexed {
  readonly relation: string | null;
  readonly schema: string | null;
}

/** One statement of a step outside the transaction. */
export interface Piece {
  readonly statement: SingleStatement;
  /**
   * `setting`: holds for what follows, and is set again by whoever goes on behind it. `alone`: in no transaction. `kept`: is not sent,
   * and has its place all the same.
   */
  readonly kind: 'in a transaction' | 'alone' | 'setting' | 'kept';
  /** The name of what a setting sets. */
  readonly sets: string | null;
  /** Null for everything else. */
  readonly index: BuiltIndex | null;
  /** What is built anew concurrently; null for everything else. */
  readonly reindexed: Reindexed | null;
  /** Done in several transactions: when it fails, some of it may be there. */
  readonly isGradual: boolean;
}

/** @throws ScriptProblem, EdenError TEMPLATE_EXECUTION_FAILED for what must not run */
export async function piecesOf(statements: readonly Statement[]): Promise<readonly Piece[]> {
  const pieces: Piece[] = [];
  for (const statement of statements) {
    pieces.push(
      ...(statement.syntax === 'sql' ? await piecesOfScript(statement.text) : await piecesOfQuery(statement)),
    );
  }
  return pieces;
}

async function piecesOfQuery(statement: Statement): Promise<readonly Piece[]> {
  const singles = await splitStatements(statement);
  const nodes = (await parseStatements(statement.text)).map(({ node }) => node);
  return singles.map((single, index) => pieceOf(single, nodes[index] ?? null));
}

async function piecesOfScript(text: string): Promise<readonly Piece[]> {
  const pieces: Piece[] = [];
  for (const piece of cutScript(text)) {
    const { start, end, number } = piece;
    const { node, verdict } = await judge(text, piece);
    const found = pieceOf({ text: text.slice(start, end), values: [], place: { source: text, number, start } }, node);
    pieces.push(verdict === 'kept' ? { ...found, kind: 'kept' } : found);
  }
  return pieces;
}

/** CREATE and DROP INDEX CONCURRENTLY, DETACH PARTITION … CONCURRENTLY: nothing else of these is outside of transactions. */
const CONCURRENT = ['IndexStmt', 'DropStmt', 'AlterTableStmt'];

const PLAIN: Omit<Piece, 'statement' | 'kind'> = { sets: null, index: null, reindexed: null, isGradual: false };

function pieceOf(statement: SingleStatement, node: Node | null): Piece {
  if (node === null) return { ...PLAIN, statement, kind: 'in a transaction' };
  if ('VariableSetStmt' in node) return settingOf(statement, node.VariableSetStmt);
  const kind = runsOutsideTransactions(node) ? 'alone' : 'in a transaction';
  const isGradual = kind === 'alone' && CONCURRENT.some((each) => each in node);
  return { ...PLAIN, statement, kind, index: builtIndex(node), reindexed: reindexedBy(node, kind), isGradual };
}

/** SET LOCAL counts to the end of its transaction, which would be its own: here it counts to the end of the step. */
function settingOf(statement: SingleStatement, { name, is_local: isLocal }: VariableSetStmt): Piece {
  const [, local] = isLocal === true ? codeTokens(statement.text) : [];
  const text = local === undefined ? statement.text : without(statement.text, local);
  return { ...PLAIN, statement: { ...statement, text }, kind: 'setting', sets: name ?? null };
}

/** Blanks in its place, which the parser counts in bytes. */
function without(text: string, { start, end }: ScanToken): string {
  return Buffer.from(text).fill(' ', start, end).toString();
}

/** Null for what builds no index concurrently, and for one without a name. */
export function builtIndex(node: Node): BuiltIndex | null {
  if (!('IndexStmt' in node) || node.IndexStmt.concurrent !== true) return null;
  const { idxname: name } = node.IndexStmt;
  return name === undefined ? null : { name, table: tableOf(node.IndexStmt) };
}

function reindexedBy(node: Node, kind: Piece['kind']): Reindexed | null {
  if (!('ReindexStmt' in node) || kind !== 'alone') return null;
  const { relation, kind: object, name = null } = node.ReindexStmt;
  if (relation !== undefined) return { relation: tableOf(node.ReindexStmt), schema: null };
  return { relation: null, schema: object === 'REINDEX_OBJECT_SCHEMA' ? name : null };
}

function tableOf({ relation }: Pick<IndexStmt, 'relation'>): string {
  const parts = [relation?.schemaname, relation?.relname].filter((part) => part !== undefined);
  return parts.map(escapeIdentifier).join('.');
}
