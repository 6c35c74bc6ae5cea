import type { JsonObject, JsonValue } from '@eden/domain';
import type { RenderBudget } from '../budget.js';

/** JSON, and integers beyond 2^53 as `int` makes them. */
export type TemplateValue = JsonValue | bigint;

/** What `batch.after` and `batch.size` say while one batch is rendered. */
export interface BatchValues {
  readonly after: JsonValue;
  readonly size: number;
}

/** The values a template is rendered with. */
export interface RootScope {
  readonly kind: 'root';
  readonly values: JsonObject;
  readonly defaults: JsonObject;
  readonly batch: BatchValues | null;
  readonly budget: RenderBudget;
}

/** One turn of an `{{#each}}`. */
export interface ItemScope {
  readonly kind: 'item';
  readonly root: RootScope;
  readonly parent: Scope;
  readonly item: TemplateValue;
  readonly key: string | number;
  readonly index: number;
  readonly count: number;
  /** What is iterated over, as written; for messages. */
  readonly source: string;
}

export type Scope = RootScope | ItemScope;

export function rootOf(scope: Scope): RootScope {
  return scope.kind === 'root' ? scope : scope.root;
}

/** The scope that `../` written `levels` times leads to; `#if` opens no scope, `#each` does. */
export function climb(scope: Scope, levels: number): Scope {
  let reached = scope;
  for (let level = 0; level < levels && reached.kind === 'item'; level += 1) reached = reached.parent;
  return reached;
}

/** Follows `parts` through own properties only, so that neither `constructor` nor `__proto__` ever resolves. */
export function resolveParts(start: TemplateValue | undefined, parts: readonly string[]): TemplateValue | undefined {
  let value: TemplateValue | undefined = start;
  for (const part of parts) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as JsonObject)[part];
  }
  return value;
}

/** Looks up a parameter: under its whole name, then along its path. */
export function resolveParameter(values: JsonObject, name: string, parts: readonly string[]): JsonValue | undefined {
  const whole = Object.hasOwn(values, name) ? values[name] : undefined;
  return whole === undefined ? (resolveParts(values, parts) as JsonValue | undefined) : whole;
}

/** How a path is written in messages and as a parameter's name: `items[0].id`. */
export function pathName(parts: readonly string[]): string {
  return parts.reduce((name, part) => {
    if (/^\d+$/.test(part)) return `${name}[${part}]`;
    return name === '' ? part : `${name}.${part}`;
  }, '');
}
