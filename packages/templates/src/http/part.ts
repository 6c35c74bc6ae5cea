import type { RenderBudget } from '../budget.js';
import type { TemplateValue } from '../expression/scope.js';
import type { Surroundings } from '../expression/expression.js';
import type { Content } from '../handlebars/statements.js';
import { parseTemplate } from '../handlebars/parse.js';
import type { Placeholder, Step, Surface } from '../program.js';
import { compileProgram, Output, run } from '../program.js';
import type { Position } from '../problems.js';
import { RenderProblem, TemplateProblem } from '../problems.js';
import type { RenderContext } from '../rendering.js';
import type { RootScope } from '../expression/scope.js';
import type { Grammar, ValueKind } from './grammar.js';

/** Renders one part of a request. */
export type RenderPart = (scope: RootScope, context: RenderContext) => string;

/** Compiles one part of a request. @throws TemplateProblem */
export function compilePart<P extends string>(
  text: string,
  path: string,
  grammar: Grammar<P>,
  around: Surroundings,
): RenderPart {
  const steps = compileProgram(parseTemplate(text), new PartSurface(grammar), around);
  if (!text.includes('{{')) checkAsItIs(text, grammar);
  return (scope, context) => {
    const out = context.enter(path, new PartOutput(grammar, scope.budget));
    run(steps, out, scope);
    return out.finish();
  };
}

/** What needs no value is as good as rendered. */
function checkAsItIs<P>(text: string, grammar: Grammar<P>): void {
  explaining({ line: 1, column: 1 }, () => grammar.finish(text));
}

/** A part while it is rendered: whatever blocks are taken, each piece is read and each value written where it comes to stand. */
class PartOutput<P> extends Output {
  #text = '';
  #place: P;

  constructor(
    private readonly grammar: Grammar<P>,
    budget: RenderBudget,
  ) {
    super(budget);
    this.#place = grammar.start;
  }

  literal(text: string): void {
    this.#place = this.grammar.read(text, this.#place);
    this.#write(text);
  }

  value(value: TemplateValue, kind: ValueKind): void {
    const refusal = this.grammar.refusal(this.#place);
    if (refusal !== null) throw new RenderProblem(refusal);
    this.#write(this.grammar.write(value, kind, this.#place));
    this.#place = this.grammar.behind(this.#place);
  }

  finish(): string {
    return this.grammar.finish(this.#text);
  }

  #write(text: string): void {
    this.budget.write(text.length);
    this.#text += text;
  }
}

/** Knows all the places that a tag may come to stand in, and refuses what fits none of them. */
class PartSurface<P> implements Surface<PartOutput<P>, readonly P[]> {
  state: readonly P[];

  constructor(private readonly grammar: Grammar<P>) {
    this.state = [grammar.start];
  }

  content({ text, at }: Content): readonly Step<PartOutput<P>>[] {
    if (text === '') return [];
    this.state = this.#possible(at, (place) => this.grammar.read(text, place));
    return [
      (out) => {
        out.at = at;
        out.literal(text);
      },
    ];
  }

  placeholder({ kind, evaluate, at }: Placeholder): Step<PartOutput<P>> {
    if (kind !== 'value' && kind !== 'list') throw new TemplateProblem(at, `${kind} stands only in SQL text`);
    this.state = this.#possible(at, (place) => {
      const refusal = this.grammar.refusal(place);
      if (refusal !== null) throw new RenderProblem(refusal);
      return this.grammar.behind(place);
    });
    return (out, scope) => {
      out.at = at;
      out.value(evaluate(scope) ?? null, kind);
    };
  }

  checkBlock(): void {
    // A block writes nothing itself.
  }

  enterLoop(before: readonly P[]): readonly P[] {
    return before;
  }

  leaveLoop({ end }: { readonly end: readonly P[] }): readonly P[] {
    return end;
  }

  merge(_start: readonly P[], ends: readonly (readonly P[])[]): readonly P[] {
    return [...new Set(ends.flat())];
  }

  /** @throws TemplateProblem when there is no place from which it can go on */
  #possible(at: Position, step: (place: P) => P): readonly P[] {
    let problem: unknown;
    const reached = this.state.flatMap((place) => {
      try {
        return [step(place)];
      } catch (error) {
        problem = error;
        return [];
      }
    });
    if (reached.length > 0) return [...new Set(reached)];
    throw problem instanceof RenderProblem ? new TemplateProblem(at, problem.message) : problem;
  }
}

function explaining(at: Position, check: () => unknown): void {
  try {
    check();
  } catch (error) {
    throw error instanceof RenderProblem ? new TemplateProblem(at, error.message) : error;
  }
}
