import { describe, expect, it } from '@jest/globals';
import type { ApiField, JsonObject } from '@eden/domain';
import { validateInput } from './validate-input.js';

const FIELDS: readonly ApiField[] = [
  { name: 'customer.id', type: 'Number', required: true },
  { name: 'customer.note', type: 'String', required: false },
  { name: 'items', type: 'Array', required: false },
  { name: 'items.id', type: 'Number', required: true },
  { name: 'options', type: 'Object', required: false },
  { name: 'active', type: 'Boolean', required: false },
];
const GOOD = { customer: { id: 1 }, items: [{ id: 1 }, { id: 2 }], options: {}, active: false, undeclared: 'x' };

const validate = (input: JsonObject) => () => {
  validateInput(FIELDS, input);
};

describe('validateInput', () => {
  it('accepts what fits, and what no field speaks of', () => {
    expect(validate(GOOD)).not.toThrow();
    expect(validate({ ...GOOD, items: [] })).not.toThrow();
    expect(validate({ ...GOOD, active: null })).not.toThrow();
  });

  it.each<[string, JsonObject]>([
    ['customer.id', { ...GOOD, customer: {} }],
    ['customer.id', { ...GOOD, customer: { id: null } }],
    ['customer.id', { items: [] }],
    ['items.id', { ...GOOD, items: [{ id: 1 }, {}] }],
  ])('names the missing field %s', (field, input) => {
    expect(validate(input)).toThrow(
      expect.objectContaining({
        code: 'REQUIRED_FIELD_MISSING',
        message: `Missing required field: ${field}`,
        context: { field },
      }),
    );
  });

  it('names every field of a wrong type, with both types', () => {
    const input = { customer: { id: '1', note: 5 }, items: [{ id: 1 }], options: [], active: 'yes' };
    expect(validate(input)).toThrow(
      expect.objectContaining({
        code: 'VALIDATION_FAILED',
        context: {
          issues: [
            { path: 'customer.id', message: 'Expected Number, got String' },
            { path: 'customer.note', message: 'Expected String, got Number' },
            { path: 'options', message: 'Expected Object, got Array' },
            { path: 'active', message: 'Expected Boolean, got String' },
          ],
        },
      }),
    );
  });
});
