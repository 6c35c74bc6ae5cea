import type { JsonObject, JsonValue } from '@eden/domain';
import { isJsonObject } from '@eden/domain';
import type { Surroundings } from '../expression/expression.js';
import type { RootScope, Scope } from '../expression/scope.js';
import { parseTemplate } from '../handlebars/parse.js';
import { OUTERMOST, statementsOf } from '../handlebars/statements.js';
import { RenderProblem, TemplateProblem } from '../problems.js';
import { compileProgram, placeholderOf, run } from '../program.js';
import type { RenderContext } from '../rendering.js';
import { TextOutput, TextSurface } from './surface.js';
import { storable, storableJson } from './write-text.js';

/** Renders one JSON value; the context keeps the place of a failure. */
export type RenderJson = (scope: RootScope, context: RenderContext) => JsonValue;

/** Calls `compile` for one text and keeps what is wrong with it under `path`. */
export type CompileText = <T>(path: string, compile: () => T) => T | undefined;

/**
 * Compiles the placeholders in the strings of a JSON value. A string that is one placeholder and nothing else keeps the
 * type of its value; keys are left alone.
 */
export function compileJson(value: JsonValue, path: string, around: Surroundings, attempt: CompileText): RenderJson {
  if (typeof value === 'string') return attempt(path, () => compileString(value, path, around)) ?? (() => value);
  if (Array.isArray(value)) {
    const items = value.map((item: JsonValue, i) => compileJson(item, `${path}[${i}]`, around, attempt));
    return (scope, context) => items.map((item) => item(scope, context));
  }
  if (!isJsonObject(value)) return () => value;
  const entries = Object.entries(value).map(([key, item]) => {
    attempt(path, () => checkText(key));
    return [key, compileJson(item, `${path}.${key}`, around, attempt)] as const;
  });
  return (scope, context): JsonObject =>
    Object.fromEntries(entries.map(([key, item]) => [key, item(scope, context)] as const));
}

function compileString(text: string, path: string, around: Surroundings): RenderJson {
  if (!text.includes('{{')) {
    checkText(text);
    return () => text;
  }
  const program = parseTemplate(text);
  const [only, ...others] = statementsOf(program, OUTERMOST);
  if (only?.type === 'MustacheStatement' && others.length === 0) {
    const { kind, evaluate, at } = placeholderOf(only, around);
    if (kind === 'value' || kind === 'list') {
      return (scope, context) => {
        context.enter(path, { at });
        return storableJson(jsonOf(evaluate(scope)));
      };
    }
  }
  const steps = compileProgram(program, new TextSurface(), around);
  return (scope, context) => {
    const out = context.enter(path, new TextOutput(scope.budget));
    run(steps, out, scope);
    return out.text;
  };
}

/** @throws TemplateProblem for text that no database holds */
function checkText(text: string): void {
  try {
    storable(text);
  } catch (error) {
    throw error instanceof RenderProblem ? new TemplateProblem({ line: 1, column: 1 }, error.message) : error;
  }
}

function jsonOf(value: ReturnType<(scope: Scope) => JsonValue | bigint | undefined>): JsonValue {
  return typeof value === 'bigint' ? value.toString() : (value ?? null);
}
