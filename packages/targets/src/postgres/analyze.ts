import type { Statement, StatementAnalysis } from '@eden/domain';
import { classify } from './classify.js';
import { lint } from './lint.js';
import { notUndone } from './not-undone.js';
import { refusalsOf } from './refusals.js';
import { parseStatements } from './syntax.js';

/** Class, lint findings and refusals of a rendered text, from its parse tree alone. @throws EdenError VALIDATION_FAILED */
export async function analyze({ text, params }: Statement): Promise<StatementAnalysis> {
  const statements = await parseStatements(text);
  return {
    class: classify(statements),
    findings: [...lint(statements), ...notUndone(statements)],
    refusals: refusalsOf(statements, params.length),
  };
}
