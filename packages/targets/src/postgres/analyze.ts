import { EdenError, type Statement, type StatementAnalysis } from '@eden/domain';
import { classify } from './classify.js';
import { Linter } from './lint.js';
import { effectsOf, notUndone } from './not-undone.js';
import { refusalsOf } from './refusals.js';
import { analyzeScript } from './script/analyze-script.js';
import { ScriptProblem } from './script/problem.js';
import { parseStatements } from './syntax.js';

/** Class, lint findings and refusals of a rendered text, from its parse tree alone. @throws EdenError VALIDATION_FAILED */
export async function analyze({ text, params, syntax }: Statement): Promise<StatementAnalysis> {
  if (syntax === 'sql') return analyzeAsWritten(text);
  const statements = await parseStatements(text);
  const linter = new Linter();
  statements.forEach(({ node }) => linter.look(node));
  return {
    class: classify(statements),
    findings: [...linter.findings, ...notUndone(statements.flatMap(({ node }) => effectsOf(node)))],
    refusals: refusalsOf(statements, params.length),
  };
}

async function analyzeAsWritten(text: string): Promise<StatementAnalysis> {
  try {
    return await analyzeScript(text);
  } catch (error) {
    if (!(error instanceof ScriptProblem)) throw error;
    const { message, line, column } = error;
    throw new EdenError('VALIDATION_FAILED', { issues: [{ path: 'query', message }], line, column });
  }
}
