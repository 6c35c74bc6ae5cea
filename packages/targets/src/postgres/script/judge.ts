import { hasSqlDetails, parse, type DefElem, type Node, type TransactionStmt, type VariableSetStmt } from 'libpg-query';
import { EDEN_SCHEMA } from '../names.js';
import { namesOurSchema } from '../our-schema.js';
import { SAVEPOINT } from '../transaction.js';
import type { ScriptPiece } from './cut.js';
import { settingRefusal } from './settings.js';

/** Statements that begin with another word are what they are, whatever follows. */
const JUDGED = new Set('ABORT BEGIN COMMIT END PREPARE RELEASE RESET ROLLBACK SAVEPOINT SET START'.split(' '));

/** A longer statement is left to the server: its tree would take many times its size in memory. */
const MAX_PARSED_LENGTH = 1024 * 1024;

/** What becomes of one statement of a text. */
export interface Judgement {
  /** `joined`: it steers a transaction and becomes part of ours; `kept`: it would change what the service relies on. */
  readonly verdict: 'run' | 'joined' | 'kept';
  /** Null where the parser does not know it, or was not asked. */
  readonly node: Node | null;
  /** Why the text must not run. */
  readonly refusal: string | null;
}

/** Whether the statement can be run without a look at its tree. */
export function isPlain({ keyword, isDoubtful }: ScriptPiece): boolean {
  return !isDoubtful && !JUDGED.has(keyword);
}

/** What a statement of a text is, by PostgreSQL's own parser, which is given this one alone. */
export async function judge(text: string, piece: ScriptPiece): Promise<Judgement> {
  const node = await parseOne(text.slice(piece.start, piece.end));
  if (node === null) return { verdict: 'run', node, refusal: refusalUnparsed(text, piece) };
  if ('TransactionStmt' in node) return judgeTransaction(node);
  const refusal = namesOurSchema(node) ? ownSchema : settingRefusal(node);
  return { verdict: keepsSetting(node) ? 'kept' : 'run', node, refusal };
}

const ownSchema = `the schema ${EDEN_SCHEMA} belongs to the service`;

/** Null when the parser does not know it. A text that it cuts into several statements is one that it does not know. */
async function parseOne(statement: string): Promise<Node | null> {
  if (statement.length > MAX_PARSED_LENGTH) return null;
  try {
    const { stmts = [] } = await parse(statement);
    return stmts.length === 1 ? (stmts[0]?.stmt ?? null) : null;
  } catch (error) {
    if (hasSqlDetails(error)) return null;
    throw error;
  }
}

function refusalUnparsed(text: string, { start, end, variableAt }: ScriptPiece): string | null {
  if (variableAt !== null) {
    const name = /^:[\w$'"{?\u0080-\uFFFF]*/.exec(text.slice(variableAt, end))?.[0] ?? ':';
    return `psql's variable ${name} has no value here: write the value itself`;
  }
  return text.slice(start, end).toLowerCase().includes(EDEN_SCHEMA) ? ownSchema : null;
}

function judgeTransaction(node: { readonly TransactionStmt: TransactionStmt }): Judgement {
  const refusal = refuseTransaction(node.TransactionStmt);
  const { kind } = node.TransactionStmt;
  const joins = ['TRANS_STMT_BEGIN', 'TRANS_STMT_START', 'TRANS_STMT_COMMIT'].includes(kind ?? '');
  return { verdict: joins ? 'joined' : 'run', node, refusal };
}

type Refuse = (statement: TransactionStmt) => string | null;

const refuseMode: Refuse = ({ options = [] }) =>
  options.every(isDefaultMode) ? null : 'the mode of the transaction is the service’s: READ COMMITTED, READ WRITE';

const refuseChain: Refuse = ({ chain }) =>
  chain === true ? 'COMMIT AND CHAIN would divide what commits together' : null;

const refuseReserved: Refuse = ({ savepoint_name: savepoint }) =>
  savepoint === SAVEPOINT ? `the name ${SAVEPOINT} is reserved for the service's own savepoint` : null;

/** By the kind of statement; those that are missing here are of prepared transactions. */
const REFUSALS: Partial<Record<NonNullable<TransactionStmt['kind']>, Refuse>> = {
  TRANS_STMT_BEGIN: refuseMode,
  TRANS_STMT_START: refuseMode,
  TRANS_STMT_COMMIT: refuseChain,
  TRANS_STMT_SAVEPOINT: refuseReserved,
  TRANS_STMT_RELEASE: refuseReserved,
  TRANS_STMT_ROLLBACK_TO: refuseReserved,
  TRANS_STMT_ROLLBACK: () => 'ROLLBACK would undo what commits together: leave it out',
};

function refuseTransaction(statement: TransactionStmt): string | null {
  const refuse = statement.kind === undefined ? undefined : REFUSALS[statement.kind];
  return refuse === undefined ? 'prepared transactions are left to the service' : refuse(statement);
}

/** BEGIN ISOLATION LEVEL READ COMMITTED, READ WRITE, NOT DEFERRABLE is what BEGIN means. */
function isDefaultMode(option: Node): boolean {
  const { defname, arg } = (option as { DefElem?: DefElem }).DefElem ?? {};
  const constant = arg !== undefined && 'A_Const' in arg ? arg.A_Const : {};
  if (defname === 'transaction_isolation') return constant.sval?.sval === 'read committed';
  return (constant.ival?.ival ?? 0) === 0;
}

/** Whoever looks for a session of ours from outside knows it by its name. */
function keepsSetting(node: Node): boolean {
  return 'VariableSetStmt' in node && isOfSession(node.VariableSetStmt);
}

function isOfSession({ name = '' }: VariableSetStmt): boolean {
  return name.toLowerCase() === 'application_name';
}
