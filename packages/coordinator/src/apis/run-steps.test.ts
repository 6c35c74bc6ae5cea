import { describe, expect, it } from '@jest/globals';
import { asUuid, type JsonObject, type JsonValue } from '@eden/domain';
import type { CoordinatorDeps } from '../deps.js';
import type { ApiWork } from './load-api-work.js';
import { bindSteps } from './run-steps.js';

const MOST_CALLS = 10_000;

const deps = {
  templates: { compile: () => ({ parameters: [], usesRaw: false, bind: () => ({ operations: [], rollback: [] }) }) },
} as unknown as CoordinatorDeps;

/** Bindings that run over the list `items`. */
function overItems(bindings: number): ApiWork {
  const uuid = asUuid('01a21e75-90df-7000-9d9f-e70f3c51d41f');
  const template = { uuid, id: 't', version: 1, body: { query: '' }, settings: {} };
  const step = { binding: { fields: { id: 'items.id' } }, template };
  return { steps: Array.from({ length: bindings }, () => step) } as unknown as ApiWork;
}

function items(length: number): JsonObject {
  return { items: Array.from({ length }, (_, id): JsonValue => ({ id })) };
}

describe('the calls of an input', () => {
  it('are as many as there are elements, for each binding', () => {
    const steps = bindSteps(deps, overItems(2), items(MOST_CALLS / 2));
    expect(steps.map(({ calls }) => calls.length)).toEqual([MOST_CALLS / 2, MOST_CALLS / 2]);
  });

  it('have a bound, all bindings together', () => {
    expect(() => bindSteps(deps, overItems(2), items(MOST_CALLS / 2 + 1))).toThrow(
      expect.objectContaining({
        code: 'VALIDATION_FAILED',
        context: { issues: [{ path: 'bindings[1]', message: expect.stringContaining('send them in parts') }] },
      }),
    );
  });
});
