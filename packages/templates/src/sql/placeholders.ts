import type { Evaluate } from '../expression/expression.js';
import type { Scope, TemplateValue } from '../expression/scope.js';
import type { Placeholder, Step } from '../program.js';
import { RenderProblem, TemplateProblem } from '../problems.js';
import type { SqlDialect } from './dialect.js';
import { writeIdentifier, writeIdentifiers } from './literal.js';
import type { SqlOutput } from './output.js';
import type { TemplatedKind } from '@eden/lexers';

type Write = (out: SqlOutput, value: TemplateValue) => void;

/** A tag between two tokens of the statement. `isElement`: it begins an element of `IN (…)` or `ARRAY[…]`. */
export function placeInCode(
  { kind, evaluate, at }: Placeholder,
  isElement: boolean,
  dialect: SqlDialect,
): Step<SqlOutput> {
  const write: Record<Placeholder['kind'], Write> = {
    value: (out, value) => (isElement ? out.element(value) : out.single(value)),
    list: (out, value) => out.value(value),
    ident: (out, value) => out.identifier(writeIdentifier(value, dialect)),
    idents: (out, value) => out.identifier(writeIdentifiers(value, dialect)),
    raw: (out, value) => out.raw(completeText(value, dialect)),
  };
  return step(write[kind], evaluate, at);
}

/**
 * A tag inside a '…' literal or a "…" identifier; there `ident` gives the text of the quoted name.
 * @throws TemplateProblem when it makes no sense there
 */
export function placeInLiteral(
  { kind, evaluate, at }: Placeholder,
  open: TemplatedKind,
  dialect: SqlDialect,
): Step<SqlOutput> {
  if (kind === 'value' || kind === 'list') return step((out, value) => out.insideValue(value), evaluate, at);
  if (kind === 'raw') throw new TemplateProblem(at, 'raw stands for SQL text and cannot stand inside a literal');
  if (open === 'quotedIdentifier')
    throw new TemplateProblem(at, `${kind} quotes by itself; leave out the quotes around it`);
  const write = kind === 'ident' ? writeIdentifier : writeIdentifiers;
  return step((out, value) => out.insideTag(write(value, dialect)), evaluate, at);
}

function step(write: Write, evaluate: Evaluate, at: Placeholder['at']): Step<SqlOutput> {
  return (out: SqlOutput, scope: Scope) => {
    out.at = at;
    const value = evaluate(scope);
    write(out, value ?? null);
  };
}

/** SQL text that leaves no literal or comment open, in which the rest of the statement would vanish. */
function completeText(value: TemplateValue, dialect: SqlDialect): string {
  if (typeof value !== 'string') throw new RenderProblem('raw takes SQL text');
  if (value.includes('\0')) throw new RenderProblem('text cannot hold the character U+0000');
  const last = dialect.tokenize(value, null).at(-1);
  if (last === undefined || last.closed) return value;
  if (last.kind === 'comment' && !value.startsWith('/*', last.start)) return `${value}\n`;
  throw new RenderProblem('the SQL text leaves a literal, an identifier or a comment open');
}
