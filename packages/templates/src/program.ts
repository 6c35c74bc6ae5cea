import type { BlockStatement, Expression, MustacheStatement, Program } from './handlebars/ast.js';
import { positionOf } from './handlebars/parse.js';
import type { Content, Edges, Tag } from './handlebars/statements.js';
import { edgesOf, OUTERMOST, statementsOf } from './handlebars/statements.js';
import { restoreIndexes } from './handlebars/tags.js';
import type { Evaluate, Surroundings } from './expression/expression.js';
import { argumentsOf, compileExpression, compileFunction, guardsOf } from './expression/expression.js';
import { FUNCTIONS } from './expression/functions.js';
import type { RenderBudget } from './budget.js';
import { rootOf, type Scope, type TemplateValue } from './expression/scope.js';
import type { Position } from './problems.js';
import { LITERAL_BRACES, RenderProblem, TemplateProblem } from './problems.js';

const MAX_LOOP_TURNS = 1_000_000;

/** What a rendering writes to. */
export abstract class Output {
  /** Where the template's text stands that is being rendered; for messages. */
  at: Position = { line: 1, column: 1 };
  #turns = 0;

  constructor(protected readonly budget: RenderBudget) {}

  /** Called for every turn of a loop, so that nested loops end within a bound. */
  countTurn(): void {
    this.#turns += 1;
    if (this.#turns > MAX_LOOP_TURNS) throw new RenderProblem('the loops of the template have too many turns');
  }
}

/** One step of a compiled text. */
export type Step<O extends Output> = (out: O, scope: Scope) => void;

/** Tags that write: `value` is a plain `{{x}}`, `list` a comma list wherever it stands. */
export type PlaceholderKind = 'value' | 'list' | 'ident' | 'idents' | 'raw';

export interface Placeholder {
  readonly kind: PlaceholderKind;
  readonly evaluate: Evaluate;
  readonly at: Position;
}

/**
 * What the text between the tags is written in: it reads the text in the order in which it stands and decides how a
 * placeholder is written where it stands. `S` is what it remembers of the text before.
 */
export interface Surface<O extends Output, S> {
  state: S;
  content(content: Content): readonly Step<O>[];
  placeholder(placeholder: Placeholder): Step<O>;
  /** @throws TemplateProblem when no block can open or close here */
  checkBlock(at: Position): void;
  /** The state in which every turn of a loop may begin. */
  enterLoop(before: S): S;
  /** The state behind the last turn. @throws TemplateProblem when the next one could not begin as it was compiled */
  leaveLoop(loop: { readonly before: S; readonly entered: S; readonly end: S }, at: Position): S;
  /** The state behind a block, from what the block began with and what each of its ways through ended with. */
  merge(start: S, ends: readonly S[], at: Position): S;
}

const PLACEHOLDERS: ReadonlySet<string> = new Set<PlaceholderKind>(['ident', 'idents', 'raw']);

/**
 * Compiles a Handlebars program into steps.
 * @throws TemplateProblem naming line and column
 */
export function compileProgram<O extends Output, S>(
  program: Program,
  surface: Surface<O, S>,
  around: Surroundings,
): readonly Step<O>[] {
  return new ProgramCompiler(surface).compile(program, OUTERMOST, around);
}

export function run<O extends Output>(steps: readonly Step<O>[], out: O, scope: Scope): void {
  rootOf(scope).budget.work(steps.length);
  for (const step of steps) step(out, scope);
}

class ProgramCompiler<O extends Output, S> {
  readonly #surface: Surface<O, S>;

  constructor(surface: Surface<O, S>) {
    this.#surface = surface;
  }

  compile(program: Program | undefined, edges: Edges, around: Surroundings): readonly Step<O>[] {
    if (program === undefined) return [];
    return statementsOf(program, edges).flatMap((statement) => this.#statement(statement, around));
  }

  #statement(statement: Content | Tag, around: Surroundings): readonly Step<O>[] {
    if (statement.type === 'Content') return this.#surface.content(statement);
    if (statement.type === 'MustacheStatement') return [this.#surface.placeholder(placeholderOf(statement, around))];
    if (statement.type === 'BlockStatement') return [this.#block(statement, around)];
    throw new TemplateProblem(positionOf(statement.loc), UNSUPPORTED[statement.type]);
  }

  #block(block: BlockStatement, around: Surroundings): Step<O> {
    const name = blockName(block);
    const at = positionOf(block.loc);
    this.#surface.checkBlock(at);
    const [argument] = argumentsOf(block, { name: `#${name}`, arity: 1 });
    if (argument === undefined) throw new TemplateProblem(at, `#${name} takes one value`);
    return name === 'each' ? this.#each(block, argument, around) : this.#choice(block, name, argument, around);
  }

  #choice(block: BlockStatement, name: 'if' | 'unless', argument: Expression, around: Surroundings): Step<O> {
    const condition = compileExpression(argument, around, 'condition');
    const guarded = { ...around, guards: [...around.guards, ...guardsOf(argument, around)] };
    const [inside, otherwise] = name === 'if' ? [guarded, around] : [around, guarded];
    const [main, other] = this.#branches(block, inside, otherwise, 'choice');
    const [whenTrue, whenFalse] = name === 'if' ? [main, other] : [other, main];
    return (out, scope) => run(isTruthy(condition(scope)) ? whenTrue : whenFalse, out, scope);
  }

  #each(block: BlockStatement, argument: Expression, around: Surroundings): Step<O> {
    const at = positionOf(block.loc);
    const source = argument.type === 'PathExpression' ? restoreIndexes(argument.original) : 'list';
    const evaluate = compileExpression(argument, around, 'needed');
    const [body, none] = this.#branches(block, { ...around, itemDepth: around.itemDepth + 1 }, around, 'loop');
    return (out, scope) => {
      out.at = at;
      const entries = entriesOf(evaluate(scope));
      if (entries.length === 0) run(none, out, scope);
      const root = rootOf(scope);
      entries.forEach(([key, item], index) => {
        out.countTurn();
        run(body, out, { kind: 'item', root, parent: scope, item, key, index, count: entries.length, source });
      });
    };
  }

  /** Compiles both parts of a block from the same state; behind it, either may have been written. */
  #branches(
    block: BlockStatement,
    inside: Surroundings,
    otherwise: Surroundings,
    kind: 'choice' | 'loop',
  ): [readonly Step<O>[], readonly Step<O>[]] {
    const edges = edgesOf(block);
    const at = positionOf(block.loc);
    const surface = this.#surface;
    const start = surface.state;
    if (kind === 'loop') surface.state = surface.enterLoop(start);
    const entered = surface.state;
    const main = this.compile(block.program, edges.program, inside);
    const end = surface.state;
    const mainEnd = kind === 'loop' ? surface.leaveLoop({ before: start, entered, end }, at) : end;
    surface.state = start;
    const other = this.compile(block.inverse, edges.inverse, otherwise);
    surface.state = surface.merge(start, [mainEnd, surface.state], at);
    return [main, other];
  }
}

const UNSUPPORTED = {
  PartialStatement: 'partials are not supported',
  PartialBlockStatement: 'partials are not supported',
  Decorator: 'decorators are not supported',
  DecoratorBlock: 'decorators are not supported',
} as const;

function blockName(block: BlockStatement): 'if' | 'unless' | 'each' {
  const at = positionOf(block.loc);
  const name = block.path.type === 'PathExpression' ? restoreIndexes(block.path.original) : '';
  if (name !== 'if' && name !== 'unless' && name !== 'each') {
    throw new TemplateProblem(at, `unknown block "${name}"; there are #if, #unless and #each`);
  }
  if ((block.program ?? block.inverse)?.blockParams?.length) {
    throw new TemplateProblem(at, 'block parameters (as |x|) are not supported');
  }
  return name;
}

/** What a tag outside of blocks writes. */
export function placeholderOf(tag: MustacheStatement, around: Surroundings): Placeholder {
  const at = positionOf(tag.loc);
  if (!tag.escaped) throw new TemplateProblem(at, 'unescaped tags are not supported; for SQL text write {{raw x}}');
  if (tag.path.type !== 'PathExpression') throw new TemplateProblem(at, `a tag names a parameter${LITERAL_BRACES}`);
  const name = restoreIndexes(tag.path.original);
  if (PLACEHOLDERS.has(name)) {
    const [argument] = argumentsOf(tag, { name, arity: 1 });
    if (argument !== undefined) {
      return { kind: name as PlaceholderKind, evaluate: compileExpression(argument, around, 'needed'), at };
    }
  }
  const called = FUNCTIONS.get(name);
  if (called !== undefined) {
    return {
      kind: name === 'list' ? 'list' : 'value',
      evaluate: compileFunction(tag, { name, ...called }, around, 'needed'),
      at,
    };
  }
  if (tag.params.length + (tag.hash?.pairs.length ?? 0) > 0) throw new TemplateProblem(at, `unknown helper "${name}"`);
  return { kind: 'value', evaluate: compileExpression(tag.path, around, 'needed'), at };
}

/** As in Handlebars: false, null, "", 0 and an empty array are false. */
function isTruthy(value: TemplateValue | undefined): boolean {
  return Array.isArray(value) ? value.length > 0 : Boolean(value);
}

function entriesOf(collection: TemplateValue | undefined): readonly (readonly [string | number, TemplateValue])[] {
  if (Array.isArray(collection)) return collection.map((item: TemplateValue, index) => [index, item] as const);
  if (collection === null) return [];
  if (typeof collection === 'object') return Object.entries(collection);
  throw new RenderProblem('#each takes an array or an object; text is split with (list x)');
}
