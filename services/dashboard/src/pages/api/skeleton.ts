import type { Api } from '@eden/client';
import type { JsonObject } from '../../parts/json.js';

type Field = Api['fields'][number];

const EMPTY = { String: '', Number: 0, Boolean: false, Object: {}, Array: [] } as const satisfies Record<
  Field['type'],
  unknown
>;

/** Names that mean something else to JavaScript's objects. */
const FOREIGN = new Set(['__proto__', 'constructor', 'prototype']);

/** An input with a place for every field, `customer.id` inside of `customer`, to be filled in. */
export function skeletonOf(fields: readonly Field[]): JsonObject {
  const input: Record<string, unknown> = {};
  // What is inside comes after what it is in.
  for (const { name, type } of fields.toSorted((a, b) => depthOf(a) - depthOf(b)))
    put(input, name.split('.'), EMPTY[type]);
  return input;
}

function depthOf({ name }: Field): number {
  return name.split('.').length;
}

function put(into: Record<string, unknown>, [step = '', ...rest]: readonly string[], value: unknown): void {
  if (FOREIGN.has(step)) return;
  if (rest.length === 0) {
    into[step] ??= structuredClone(value);
    return;
  }
  into[step] ??= {};
  const inside = into[step];
  const element = Array.isArray(inside) ? (inside[0] ??= {}) : inside;
  if (typeof element === 'object' && element !== null) put(element as Record<string, unknown>, rest, value);
}
