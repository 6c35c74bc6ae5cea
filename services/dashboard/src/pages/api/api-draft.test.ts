import { describe, expect, it } from '@jest/globals';
import type { Api } from '@eden/client';
import { definitionOf, draftOf, NEW_API, NEW_BINDING } from './api-draft.js';

const DEFINITION: Pick<Api, 'fields' | 'bindings'> = {
  fields: [
    { name: 'customer.id', type: 'Number', required: true },
    { name: 'note', type: 'String', required: false, description: 'Why' },
  ],
  bindings: [
    { template: 'b6c1', fields: { id: 'customer.id', size: { literal: 10 } } },
    { template: '77aa', fields: {} },
  ],
};

describe('an API that is written', () => {
  it('is what it was, as long as nobody changes it', () => {
    const api = { ...DEFINITION, id: 'rename', description: null } as unknown as Api;
    expect(definitionOf(draftOf(api))).toEqual(DEFINITION);
  });

  it('names the binding whose values are no object', () => {
    const bindings = [NEW_BINDING, { ...NEW_BINDING, values: '{' }];
    expect(() => definitionOf({ ...NEW_API, bindings })).toThrow('Values of binding 2 is no JSON');
    expect(() => definitionOf({ ...NEW_API, bindings: [{ ...NEW_BINDING, values: '[]' }] })).toThrow(
      'has to be an object',
    );
  });
});
