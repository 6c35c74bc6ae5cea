import { EdenError, type AnalysisContext, type Statement, type StatementAnalysis } from '@eden/domain';
import { postgresLinter } from '@eden/lint';
import { classify } from './classify.js';
import { effectsOf, notUndone } from './not-undone.js';
import { OutsideLook } from './outside/outside-look.js';
import { refusalsOf } from './refusals.js';
import { analyzeScript } from './script/analyze-script.js';
import { ScriptProblem } from './script/problem.js';
import { parseStatements } from './syntax.js';

/** Class, lint findings and refusals of a rendered text, from its parse tree alone. @throws EdenError VALIDATION_FAILED */
export async function analyze(
  { text, params, syntax }: Statement,
  context: AnalysisContext = {},
): Promise<StatementAnalysis> {
  try {
    return await (syntax === 'sql' ? analyzeAsWritten(text, context) : analyzeStatements(text, params.length));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    // The stack is over, of the parser or of whoever walks its tree.
    throw new EdenError('VALIDATION_FAILED', { issues: [{ path: 'query', message: 'the query nests too deeply' }] });
  }
}

async function analyzeStatements(text: string, parameterCount: number): Promise<StatementAnalysis> {
  const statements = await parseStatements(text);
  const linter = postgresLinter(text);
  const outside = new OutsideLook();
  statements.forEach(({ node, start }) => {
    linter.look(node, start);
    outside.look(node);
  });
  return {
    class: classify(statements),
    findings: notUndone(
      new Map(statements.toReversed().flatMap(({ node, start }) => effectsOf(node).map((effect) => [effect, start]))),
    ),
    lint: linter.result(),
    refusals: refusalsOf(statements, parameterCount),
    outside: outside.result(),
    createdTables: outside.createdTables,
  };
}

async function analyzeAsWritten(text: string, context: AnalysisContext): Promise<StatementAnalysis> {
  try {
    return await analyzeScript(text, context);
  } catch (error) {
    if (!(error instanceof ScriptProblem)) throw error;
    const { message, line, column } = error;
    throw new EdenError('VALIDATION_FAILED', { issues: [{ path: 'query', message }], line, column });
  }
}
