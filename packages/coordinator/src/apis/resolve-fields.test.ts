import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { JsonObject, JsonValue } from '@eden/domain';
import { resolveFields } from './resolve-fields.js';

const INPUT: JsonObject = {
  customer: { id: 7, name: 'Ann' },
  items: [
    { id: 1, parts: [{ no: 'a' }, { no: 'b' }] },
    { id: 2, parts: [{ no: 'c' }] },
  ],
  tags: ['x', 'y'],
  grid: [[{ v: 1 }, { v: 2 }], [{ v: 3 }]],
  nothing: null,
};

const resolve = (fields: Record<string, JsonValue>) => resolveFields(fields, INPUT, 'bindings[0]');

describe('resolveFields', () => {
  it('reads dotted paths, indexes, literals, explicit paths and constants', () => {
    const fields = {
      id: 'customer.id',
      first: 'items[0].id',
      constant: { literal: 'customer.id' },
      explicit: { path: 'customer.name' },
      number: 5,
      whole: 'tags',
      nothing: 'nothing',
    };
    expect(resolve(fields)).toEqual({
      isPerElement: false,
      values: [
        { id: 7, first: 1, constant: 'customer.id', explicit: 'Ann', number: 5, whole: ['x', 'y'], nothing: null },
      ],
    });
  });

  it('leaves out what the input does not have, so that a default can apply', () => {
    expect(resolve({ a: 'customer.age', b: 'items[9].id', c: 'customer.id.x', d: 'constructor' }).values).toEqual([{}]);
  });

  it('makes one call per element of an array on the way, all paths reading the same element', () => {
    expect(resolve({ id: 'items.id', parts: 'items.parts', customer: 'customer.id' })).toEqual({
      isPerElement: true,
      values: [
        { id: 1, parts: [{ no: 'a' }, { no: 'b' }], customer: 7 },
        { id: 2, parts: [{ no: 'c' }], customer: 7 },
      ],
    });
  });

  it('makes one call per innermost element of arrays inside arrays', () => {
    expect(resolve({ no: 'items.parts.no', id: 'items.id' }).values).toEqual([
      { no: 'a', id: 1 },
      { no: 'b', id: 1 },
      { no: 'c', id: 2 },
    ]);
    expect(resolve({ v: 'grid.v' }).values).toEqual([{ v: 1 }, { v: 2 }, { v: 3 }]);
  });

  it('makes no call for an empty array', () => {
    expect(resolveFields({ id: 'items.id' }, { items: [] }, 'b')).toEqual({ isPerElement: true, values: [] });
  });

  it('refuses paths over two arrays that have nothing to do with each other', () => {
    const input = { a: [{ x: 1 }], b: [{ y: 2 }] };
    expect(() => resolveFields({ x: 'a.x', y: 'b.y' }, input, 'bindings[0]')).toThrow(
      expect.objectContaining({
        code: 'VALIDATION_FAILED',
        context: { issues: [{ path: 'bindings[0].fields.y', message: expect.stringContaining('a and b') }] },
      }),
    );
  });

  it('keeps one call per element and their order, for any array', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ id: fc.jsonValue() })), (items) => {
        const { values } = resolveFields({ id: 'items.id', k: { literal: 1 } }, { items } as JsonObject, 'b');
        expect(values).toEqual(items.map(({ id }) => ({ id, k: 1 })));
      }),
    );
  });
});
