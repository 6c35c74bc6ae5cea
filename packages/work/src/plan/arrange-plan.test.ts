import { describe, expect, it } from '@jest/globals';
import type { PlannedApi, PlannedBinding, Uuid } from '@eden/domain';
import { arrangePlan } from './arrange-plan.js';

const BINDING: PlannedBinding = {
  ...{ template: 't' as Uuid, templateId: 't', templateVersion: 1 },
  ...{ endpoint: 'e' as Uuid, endpointId: 'e', endpointVersion: 1 },
  ...{ statements: ['SELECT 1'], fields: {}, class: '2pc', findings: [], estimatedRows: null },
};

function api(position: number, bindings: readonly PlannedBinding[]): PlannedApi {
  return { api: `api-${position}` as Uuid, apiId: `api-${position}`, stage: 0, position, bindings };
}

function rulesOf(apis: readonly PlannedApi[], isRollback = false): readonly string[] | undefined {
  return arrangePlan(apis, String, { atomicity: 'strict', isRollback }).findings?.map(({ rule }) => rule);
}

describe('a plan', () => {
  it.each<[string, readonly PlannedApi[]]>([
    ['without APIs', []],
    ['of APIs without bindings', [api(0, []), api(1, [])]],
  ])('%s has nothing to do', (_, apis) => {
    expect(rulesOf(apis)).toEqual(['nothing-to-do']);
    expect(rulesOf(apis, true)).toEqual(['nothing-to-do']);
  });

  it('with a single binding has something to do', () => {
    expect(rulesOf([api(0, []), api(1, [BINDING])])).toBeUndefined();
  });
});
