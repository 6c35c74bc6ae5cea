import type { BatchSpec, BoundBatch, JsonValue } from '@eden/domain';
import type { Surroundings } from './expression/expression.js';
import type { RootScope } from './expression/scope.js';
import { RenderProblem } from './problems.js';
import type { RenderContext } from './rendering.js';
import type { CompileText, RenderJson } from './text/json.js';
import { compileJson } from './text/json.js';

/** The settings of a batch; their texts may hold placeholders. */
export type BindBatch = (scope: RootScope, context: RenderContext) => BoundBatch;

export function compileBatch(spec: BatchSpec, path: string, around: Surroundings, attempt: CompileText): BindBatch {
  const outside = { ...around, inBatch: false };
  const size = compileJson(spec.size, `${path}.size`, outside, attempt);
  const start = compileJson(spec.start ?? 0, `${path}.start`, outside, attempt);
  const commit = spec.commit ?? 'together';
  return (scope, context) => ({
    size: positiveInteger(size(scope, context)),
    start: startKey(start(scope, context)),
    commit,
  });
}

function positiveInteger(value: JsonValue): number {
  const size = typeof value === 'string' && /^\s*\d+\s*$/.test(value) ? Number(value) : value;
  if (typeof size === 'number' && Number.isSafeInteger(size) && size > 0) return size;
  throw new RenderProblem('the size of a batch is a whole number above 0');
}

/** Numeric text becomes a number as long as it stays exact; other text is a key of its own. */
function startKey(value: JsonValue): JsonValue {
  if (typeof value !== 'number' && typeof value !== 'string') {
    throw new RenderProblem('the start of a batch is a number or a text');
  }
  const isExact = typeof value === 'string' && /^-?\d+$/.test(value) && Number.isSafeInteger(Number(value));
  return isExact ? Number(value) : value;
}
