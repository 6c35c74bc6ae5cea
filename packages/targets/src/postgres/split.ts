import { EdenError, isEdenError, type JsonValue, type Statement } from '@eden/domain';
import { RUN_IN_MIGRATION } from '../runs-in-migration.js';
import { surelyRunsOutside } from './classify.js';
import { SQLSTATE } from './errors.js';
import { lineAndColumn, type StatementPlace } from './place.js';
import { refusalsOf } from './refusals.js';
import { parseStatements, type ParsedStatement } from './syntax.js';

/** One statement for one protocol call. */
export interface SingleStatement {
  readonly text: string;
  readonly values: JsonValue[];
  readonly place: StatementPlace;
  /** Its answer is data that nobody wants: COPY … TO STDOUT. */
  readonly copies?: 'out';
  /** It refuses to be in a transaction. */
  readonly isOutside?: true;
}

/**
 * One statement by its look, and of a kind that no refusal speaks of: saves the hot path the parser. Anything doubtful
 * (another semicolon, even in a literal; our schema; settings; names in U&"…" escapes) goes through it.
 */
const PLAIN = /^\s*(?:select|insert|update|delete|merge|values|with)\b[^;]*;?\s*$/i;
const DOUBTFUL = /_eden|set_config|pg_settings|u&/i;

/**
 * The statements of a text, each to be sent by itself, after a last look at them: values that are only known at run
 * time (`{{raw x}}`) may have changed what was analyzed at sync.
 * @throws EdenError TEMPLATE_EXECUTION_FAILED (sqlstate, message) for a syntax error (line, column) or a refusal
 */
export async function splitStatements({ text, params }: Statement): Promise<readonly SingleStatement[]> {
  if (PLAIN.test(text) && !DOUBTFUL.test(text))
    return [{ text, values: [...params], place: { source: text, number: 1, start: 0 } }];
  const statements = await parseOrFail(text);
  const refusals = refusalsOf(statements, params.length);
  if (refusals.length > 0) throw failed(SQLSTATE.featureNotSupported, refusals.join('; '));
  return statements.map((statement, index) => ({
    text: statement.text,
    values: [...params],
    place: { source: text, number: index + 1, start: statement.start },
    ...(surelyRunsOutside(statement.node) ? { isOutside: true } : {}),
  }));
}

/**
 * The statements of a text that is run in one transaction.
 * @throws EdenError TEMPLATE_EXECUTION_FAILED as splitStatements, and where one of them refuses to be in a transaction
 */
export async function transactionalStatements(statement: Statement): Promise<readonly SingleStatement[]> {
  const statements = await splitStatements(statement);
  const place = statements.find(({ isOutside }) => isOutside)?.place;
  if (place === undefined) return statements;
  const { source, number, start } = place;
  const at = { statement: number, ...lineAndColumn(source.slice(0, start)), suggestion: RUN_IN_MIGRATION };
  throw failed(SQLSTATE.activeTransaction, 'the statement cannot run inside a transaction', at);
}

async function parseOrFail(text: string): Promise<readonly ParsedStatement[]> {
  try {
    return await parseStatements(text);
  } catch (error) {
    if (!isEdenError(error, 'VALIDATION_FAILED')) throw error;
    const { issues, line, column } = error.context as {
      issues: readonly { message: string }[];
      line: number;
      column: number;
    };
    throw failed(SQLSTATE.syntaxError, issues[0]?.message ?? error.message, { line, column });
  }
}

function failed(sqlstate: string, message: string, at: object = {}): EdenError {
  return new EdenError('TEMPLATE_EXECUTION_FAILED', { sqlstate, message, ...at });
}
