import { EdenError, type Statement } from '@eden/domain';
import { commitsByItself, refusalsOf } from '../analyze.js';
import { cutOrFail, type CutStatement } from '../statements.js';
import { outsideRefusals, schemaChangeOf, type SchemaChange } from './schema-change.js';

/** One statement of a step outside the transaction. */
export type Piece =
  | { readonly kind: 'in a transaction'; readonly statement: CutStatement }
  /** Sets variables of the user, and is sent again by whoever goes on behind it. */
  | { readonly kind: 'setting'; readonly statement: CutStatement }
  | { readonly kind: 'alone'; readonly statement: CutStatement; readonly change: SchemaChange };

/** @throws EdenError TEMPLATE_EXECUTION_FAILED for what must not run: values may have made another text of it than at sync */
export function piecesOf(statements: readonly Statement[]): readonly Piece[] {
  const cut = statements.flatMap(cutOrFail);
  const reasons = [...refusalsOf(cut), ...outsideRefusals(cut.filter(commitsByItself))];
  if (reasons.length > 0)
    throw new EdenError('TEMPLATE_EXECUTION_FAILED', { sqlstate: '0A000', message: reasons.join('; ') });
  return cut.map(pieceOf);
}

function pieceOf(statement: CutStatement): Piece {
  if (commitsByItself(statement)) return { kind: 'alone', statement, change: schemaChangeOf(statement) };
  return { kind: statement.parts[0]?.text === 'SET' ? 'setting' : 'in a transaction', statement };
}
