import { ApiError, UnreachableError, WaitTimeoutError, type StoredError } from '@eden/client';
import { CommandError } from '../exit-codes.js';
import { printable } from './table.js';

type Context = Readonly<Record<string, unknown>>;

/** What went wrong, and what to do next: the lines that end on stderr. */
export function describeError(error: unknown): string[] {
  if (error instanceof ApiError) return describeApiError(error);
  return [...messageOf(error).split('\n'), nextStep(error)].map(printable);
}

function describeApiError(error: ApiError): string[] {
  const id = error.requestId === undefined ? '' : `, request ${error.requestId}`;
  const head = `${error.message} (${error.code}${id})`;
  return [head, ...describeContext(error.context), nextStep(error)].map(printable);
}

/** The error that a run has kept. */
export function describeStoredError({ error, code, ...context }: StoredError): string[] {
  return [`${error} (${code})`, ...describeContext(context as Context)].map(printable);
}

const NEXT_BY_STATUS: Readonly<Record<number, string>> = {
  401: 'Run "eden login", or give another EDEN_TOKEN.',
  403: 'Ask an Admin of your organization for the level, or to do it.',
  404: 'Check the name; "eden … list" shows what is there.',
  409: 'Run "eden status" to see what is under way, then try again.',
  423: 'Somebody else has the lock: wait until their run has ended, then try again.',
  429: 'Too many requests: wait a moment and try again.',
  503: 'A part of the service is away: wait a moment and try again.',
};

function nextStep(error: unknown): string {
  if (error instanceof CommandError) return error.next;
  if (error instanceof WaitTimeoutError) return `Go on watching with "eden runs logs -f ${error.run}".`;
  if (error instanceof UnreachableError)
    return 'Check the URL (EDEN_URL, --url) and that the service runs, then try again.';
  if (!(error instanceof ApiError))
    return 'This is a fault of eden: please report it with EDEN_DEBUG=1 and what you did.';
  const { suggestion } = error.context;
  if (typeof suggestion === 'string') return suggestion;
  return NEXT_BY_STATUS[error.status] ?? 'Mend what is named above and try again.';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What stands beside the sentence, one line each; what is too large for a line is left to `-o json`. */
function describeContext({
  suggestion: _,
  issues,
  errors,
  problems,
  problem_count: count,
  ...others
}: Context): string[] {
  // The errors name the APIs themselves, by their ids.
  if (errors !== undefined) return listOf(errors).flatMap(describeStatementError);
  const simple = Object.entries(others).flatMap(([key, value]) => describeValue(key, value));
  return [...simple, ...listOf(issues).map(describeIssue), ...describeProblems(problems, count)];
}

function describeValue(key: string, value: unknown): string[] {
  if (value === null || value === undefined) return [];
  const isList = Array.isArray(value) && value.every((item) => typeof item === 'string');
  if (isList) return value.length === 0 ? [] : [`  ${key}: ${value.join(', ')}`];
  return typeof value === 'object' ? [`  ${key}: ${JSON.stringify(value)}`] : [`  ${key}: ${String(value)}`];
}

function describeIssue({ path, message }: Context): string {
  return `  ${path === '' ? '' : `${String(path)}: `}${String(message)}`;
}

/** Of a source: each file that its tool would refuse, and why. */
function describeProblems(problems: unknown, count: unknown): string[] {
  const shown = listOf(problems).map(({ path, message }) => describeIssue({ path: path ?? '', message }));
  const left = Number(count) - shown.length;
  return left > 0 ? [...shown, `  and ${left} more`] : shown;
}

const STATEMENT_DETAILS = [
  'details',
  'detail',
  'hint',
  'where',
  'table',
  'column',
  'constraint',
  'expected',
  'actual',
] as const;

/** One failed binding of a run: where it is, what the database says. */
function describeStatementError(error: Context): string[] {
  const { api_id: api, binding, template, file, statement, line, sqlstate, message } = error;
  const what = file ?? template;
  const places = [
    api,
    what,
    binding === undefined || file !== undefined ? undefined : `binding ${Number(binding) + 1}`,
    statement === undefined ? undefined : `statement ${String(statement)}`,
    line === undefined ? undefined : `line ${String(line)}`,
  ].filter((place) => place !== undefined && place !== null);
  const state = sqlstate === undefined || sqlstate === null ? '' : ` (${String(sqlstate)})`;
  const details = STATEMENT_DETAILS.flatMap((key) =>
    typeof error[key] === 'string' ? [`      ${key}: ${error[key]}`] : [],
  );
  return [`  ${places.join(', ')}: ${String(message ?? error['error'])}${state}`, ...details];
}

function textOf(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function listOf(value: unknown): readonly Context[] {
  return Array.isArray(value) ? (value as readonly Context[]) : [];
}
