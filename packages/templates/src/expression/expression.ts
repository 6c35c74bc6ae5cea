import type { AbsentLiteral, Expression, PathExpression, SubExpression, ValueLiteral } from '../handlebars/ast.js';
import { positionOf } from '../handlebars/parse.js';
import { INDEX_CLOSE, INDEX_OPEN, restoreIndexes } from '../handlebars/tags.js';
import { TemplateProblem } from '../problems.js';
import { FUNCTIONS, type TemplateFunction } from './functions.js';
import { missingParameter, type ParameterList } from './parameters.js';
import type { ItemScope, Scope, TemplateValue } from './scope.js';
import { climb, pathName, resolveParameter, resolveParts, rootOf } from './scope.js';

export type Evaluate = (scope: Scope) => TemplateValue | undefined;

/** What an expression may refer to where it stands. */
export interface Surroundings {
  readonly parameters: ParameterList;
  /** Whether `batch.after` and `batch.size` exist here. */
  readonly inBatch: boolean;
  /** Number of `#each` blocks around. */
  readonly itemDepth: number;
  /** Parameters that are known to be there, because an enclosing block tests them. */
  readonly guards: readonly string[];
}

/** `needed`: an absent value is an error. `condition`: it is simply false. */
export type Use = 'needed' | 'condition';

/**
 * Turns an expression into a function of the scope and notes the parameters it names.
 * @throws TemplateProblem for what does not exist where the expression stands
 */
export function compileExpression(expression: Expression, around: Surroundings, use: Use): Evaluate {
  if (expression.type === 'PathExpression') return compilePath(expression, around, use);
  if (expression.type === 'SubExpression') return compileCall(expression, around, use);
  return compileLiteral(expression);
}

/** The parameters that must be there for a condition to hold: `x` in `{{#if x}}` and in `{{#if (eq x "a")}}`. */
export function guardsOf(condition: Expression | undefined, around: Surroundings): string[] {
  if (condition?.type === 'SubExpression') {
    const isEquality = condition.path.type === 'PathExpression' && condition.path.original === 'eq';
    if (isEquality && !condition.params.some(isPresentLiteral)) return [];
    return condition.params.flatMap((argument) => guardsOf(argument, around));
  }
  if (condition?.type !== 'PathExpression' || condition.data || condition.depth < around.itemDepth) return [];
  return [pathName(partsOf(condition))];
}

function isPresentLiteral(argument: Expression): boolean {
  return argument.type.endsWith('Literal') && 'value' in argument;
}

function compileLiteral(literal: ValueLiteral | AbsentLiteral): Evaluate {
  if (literal.type === 'UndefinedLiteral') throw new TemplateProblem(positionOf(literal.loc), 'undefined is no value');
  const value = 'value' in literal ? literal.value : null;
  return () => value;
}

function compileCall(call: SubExpression, around: Surroundings, use: Use): Evaluate {
  const name = call.path.type === 'PathExpression' ? restoreIndexes(call.path.original) : '';
  const called = FUNCTIONS.get(name);
  if (called === undefined) {
    throw new TemplateProblem(positionOf(call.loc), `"${name}" cannot be called inside parentheses`);
  }
  return compileFunction(call, { name, ...called }, around, use);
}

/** A function's call, as it stands in parentheses or directly in a tag. */
export function compileFunction(
  call: Pick<SubExpression, 'params' | 'hash' | 'loc'>,
  called: Signature & TemplateFunction,
  around: Surroundings,
  use: Use,
): Evaluate {
  const args = argumentsOf(call, called).map((argument) => compileExpression(argument, around, use));
  return (scope) => {
    const value = called.call(args.map((evaluate) => evaluate(scope)));
    if (Array.isArray(value)) rootOf(scope).budget.work(value.length);
    return value;
  };
}

export interface Signature {
  readonly name: string;
  readonly arity: number;
}

/** @throws TemplateProblem when the call has another number of arguments, or named ones */
export function argumentsOf(
  call: Pick<SubExpression, 'params' | 'hash' | 'loc'>,
  { name, arity }: Signature,
): readonly Expression[] {
  if (call.params.length === arity && (call.hash?.pairs.length ?? 0) === 0) return call.params;
  throw new TemplateProblem(positionOf(call.loc), `${name} takes ${arity === 1 ? 'one value' : `${arity} values`}`);
}

function compilePath(path: PathExpression, around: Surroundings, use: Use): Evaluate {
  if (path.data) return compileData(path, around, use);
  if (path.depth > around.itemDepth) throw new TemplateProblem(positionOf(path.loc), '../ leads out of the template');
  const parts = partsOf(path);
  if (path.depth < around.itemDepth) return compileItemPath(path.depth, parts, use);
  return compileParameter(path, parts, around, use);
}

function compileItemPath(depth: number, parts: readonly string[], use: Use): Evaluate {
  return (scope) => {
    const reached = climb(scope, depth) as ItemScope;
    const value = resolveParts(reached.item, parts);
    if (value === undefined && use === 'needed') throw missingParameter(`${itemName(reached)}.${pathName(parts)}`);
    return value;
  };
}

function itemName({ source, key }: ItemScope): string {
  return pathName([source, String(key)]);
}

function compileParameter(path: PathExpression, parts: readonly string[], around: Surroundings, use: Use): Evaluate {
  const name = pathName(parts);
  if (parts.length === 0) throw new TemplateProblem(positionOf(path.loc), 'this stands only inside #each');
  if (name === 'batch.after' || name === 'batch.size') return compileBatchValue(path, name, around);
  const guarded = around.guards.some((guard) => isWithin(name, guard));
  around.parameters.add(name, parts, use === 'needed' && !guarded);
  return (scope) => {
    const { values, defaults } = rootOf(scope);
    const given = resolveParameter(values, name, parts);
    const value = given === undefined ? resolveParameter(defaults, name, parts) : given;
    if (value === undefined && use === 'needed') throw missingParameter(name);
    return value;
  };
}

function isWithin(name: string, guard: string): boolean {
  return name === guard || name.startsWith(`${guard}.`) || name.startsWith(`${guard}[`);
}

function compileBatchValue(path: PathExpression, name: 'batch.after' | 'batch.size', around: Surroundings): Evaluate {
  if (!around.inBatch)
    throw new TemplateProblem(positionOf(path.loc), `${name} exists only in an operation with a batch`);
  return (scope) => {
    const { batch } = rootOf(scope);
    return name === 'batch.after' ? batch?.after : batch?.size;
  };
}

/** `@index`, `@key`, `@first`, `@last` of the `#each` around, and `@root.x`. */
function compileData(path: PathExpression, around: Surroundings, use: Use): Evaluate {
  const [name, ...rest] = partsOf(path);
  if (name === 'root') return compileParameter(path, rest, around, use);
  const read = ITEM_DATA.get(name ?? '');
  if (read === undefined || rest.length > 0) {
    throw new TemplateProblem(positionOf(path.loc), `@${name ?? ''} does not exist`);
  }
  if (path.depth >= around.itemDepth)
    throw new TemplateProblem(positionOf(path.loc), `@${name} stands only inside #each`);
  return (scope) => read(climb(scope, path.depth) as ItemScope);
}

const ITEM_DATA: ReadonlyMap<string, (scope: ItemScope) => TemplateValue> = new Map([
  ['index', (scope: ItemScope): TemplateValue => scope.index],
  ['key', (scope: ItemScope): TemplateValue => scope.key],
  ['first', (scope: ItemScope): TemplateValue => scope.index === 0],
  ['last', (scope: ItemScope): TemplateValue => scope.index === scope.count - 1],
]);

/** The steps of a path; `items[0]` is read as two. */
function partsOf(path: PathExpression): string[] {
  return path.parts.flatMap((part) => part.replaceAll(INDEX_CLOSE, '').split(INDEX_OPEN));
}
