import type { JsonValue } from '@eden/domain';
import { resolveParts, type TemplateValue } from './scope.js';
import { RenderProblem } from '../problems.js';

/** A function that templates may call inside a tag. An argument is undefined only inside a block's condition. */
export interface TemplateFunction {
  readonly arity: number;
  call(args: readonly (TemplateValue | undefined)[]): TemplateValue | undefined;
}

const INT64 = { min: -(2n ** 63n), max: 2n ** 63n - 1n };

export const FUNCTIONS: ReadonlyMap<string, TemplateFunction> = new Map([
  ['list', unlessAbsent(1, ([value]) => toList(value))],
  ['int', unlessAbsent(1, ([value]) => toInteger(value))],
  ['strip', unlessAbsent(2, ([prefix, text]) => stripPrefix(prefix, text))],
  ['lookup', unlessAbsent(2, ([value, key]) => resolveParts(value, [String(key)]))],
  ['eq', { arity: 2, call: ([a, b]: readonly (TemplateValue | undefined)[]) => (a ?? null) === (b ?? null) }],
]);

/** The elements of an array, or of text such as `a, b` split at its commas. */
export function toList(value: TemplateValue): readonly JsonValue[] {
  if (Array.isArray(value)) return value;
  if (value === null) return [];
  if (typeof value !== 'string') throw new RenderProblem('list takes an array or text with commas');
  const elements = value.split(',').map((element) => element.trim());
  return elements.filter((element) => element !== '');
}

function toInteger(value: TemplateValue): number | bigint {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  if (typeof value !== 'bigint' && (typeof value !== 'string' || !/^\s*[+-]?\d{1,20}\s*$/.test(value))) {
    throw new RenderProblem('int takes a whole number');
  }
  const exact = BigInt(typeof value === 'string' ? value.trim().replace(/^\+/, '') : value);
  if (exact < INT64.min || exact > INT64.max) throw new RenderProblem('int takes a number of at most 64 bits');
  return Number.isSafeInteger(Number(exact)) ? Number(exact) : exact;
}

function stripPrefix(prefix: TemplateValue, text: TemplateValue): string {
  if (typeof prefix !== 'string' || typeof text !== 'string') throw new RenderProblem('strip takes two texts');
  return text.startsWith(prefix) ? text.slice(prefix.length) : text;
}

function unlessAbsent(
  arity: number,
  apply: (args: [TemplateValue, TemplateValue]) => TemplateValue | undefined,
): TemplateFunction {
  return {
    arity,
    call: ([first, second]) => {
      if (first === undefined || (arity > 1 && second === undefined)) return undefined;
      return apply([first, second ?? null]);
    },
  };
}
