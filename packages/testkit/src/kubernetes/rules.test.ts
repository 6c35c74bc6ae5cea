import { expect, test } from '@jest/globals';
import type { Json } from './objects.js';
import { ruleErrors } from './rules.js';
import type { Schema } from './schema.js';

const SCHEMA: Schema = {
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      'x-kubernetes-validations': [
        { rule: 'self.least <= self.most', message: 'least is at most most' },
        { rule: 'self.id == oldSelf.id', message: 'id never changes' },
      ],
      properties: {
        id: { type: 'string' },
        items: {
          type: 'array',
          items: { type: 'object', 'x-kubernetes-validations': [{ rule: 'has(self.one) != has(self.other)' }] },
        },
      },
    },
  },
};

const object = (spec: Readonly<Record<string, Json>>): Json => ({ spec: { id: 'a', least: 1, most: 2, ...spec } });

test('a rule between fields is told with its message, at the object that has it', () => {
  expect(ruleErrors(object({}), undefined, SCHEMA)).toEqual([]);
  expect(ruleErrors(object({ least: 3 }), undefined, SCHEMA)).toEqual([
    { path: 'spec', detail: 'Invalid value: "object": least is at most most' },
  ]);
});

test('a rule that names oldSelf is of changes alone', () => {
  expect(ruleErrors(object({ id: 'b' }), undefined, SCHEMA)).toEqual([]);
  expect(ruleErrors(object({ id: 'a' }), object({}), SCHEMA)).toEqual([]);
  expect(ruleErrors(object({ id: 'b' }), object({}), SCHEMA)).toMatchObject([{ path: 'spec' }]);
});

test('items of a list are held to theirs', () => {
  const items: Json = [{ one: 1 }, { one: 1, other: 2 }];
  expect(ruleErrors(object({ items }), undefined, SCHEMA)).toEqual([
    { path: 'spec.items[1]', detail: 'Invalid value: "object": failed rule: has(self.one) != has(self.other)' },
  ]);
});
