import type { BatchSpec, BoundBatch, JsonValue } from '@eden/domain';
import type { Surroundings } from './expression/expression.js';
import type { RootScope } from './expression/scope.js';
import { RenderProblem, TemplateProblem } from './problems.js';
import type { RenderContext } from './rendering.js';
import type { CompileText, RenderJson } from './text/json.js';
import { compileJson } from './text/json.js';

/** The settings of a batch; their texts may hold placeholders. */
export type BindBatch = (scope: RootScope, context: RenderContext) => BoundBatch;

export function compileBatch(spec: BatchSpec, path: string, around: Surroundings, attempt: CompileText): BindBatch {
  const outside = { ...around, inBatch: false };
  const size = compileSize(spec.size, `${path}.size`, outside, attempt);
  const start = compileJson(spec.start ?? 0, `${path}.start`, outside, attempt);
  const commit = spec.commit ?? 'together';
  return (scope, context) => ({
    size: positiveInteger(size(scope, context)),
    start: startKey(start(scope, context)),
    commit,
  });
}

function compileSize(size: number | string, path: string, around: Surroundings, attempt: CompileText): RenderJson {
  const isFixed = typeof size === 'number' || !size.includes('{{');
  if (isFixed) attempt(path, () => checkFixedSize(size));
  return compileJson(size, path, around, attempt);
}

function checkFixedSize(size: number | string): void {
  if (toInteger(size) === null) throw new TemplateProblem({ line: 1, column: 1 }, NOT_A_SIZE);
}

const NOT_A_SIZE = 'the size of a batch is a whole number above 0';

function positiveInteger(value: JsonValue): number {
  const size = toInteger(value);
  if (size === null) throw new RenderProblem(NOT_A_SIZE);
  return size;
}

function toInteger(value: JsonValue): number | null {
  const number = typeof value === 'string' && /^\s*\d+\s*$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) && number > 0 ? number : null;
}

/** Numeric text becomes a number as long as it stays exact; other text is a key of its own. */
function startKey(value: JsonValue): JsonValue {
  if (typeof value !== 'number' && typeof value !== 'string') {
    throw new RenderProblem('the start of a batch is a number or a text');
  }
  const isExact = typeof value === 'string' && /^-?\d+$/.test(value) && Number.isSafeInteger(Number(value));
  return isExact ? Number(value) : value;
}
