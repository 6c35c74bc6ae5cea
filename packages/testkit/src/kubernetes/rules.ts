import { parse } from '@marcbachmann/cel-js';
import { isJsonObject, type Json } from './objects.js';
import type { Rule, Schema } from './schema.js';
import type { FieldError } from './status-error.js';

/**
 * What the rules of a schema refuse in a value that fits it otherwise. Those that name `oldSelf` are of changes alone, and of no item of a
 * list, of which nobody knows which one it was.
 */
export function ruleErrors(value: Json, before: Json | undefined, schema: Schema, path = ''): FieldError[] {
  const own = (schema['x-kubernetes-validations'] ?? []).filter((rule) => isBroken(rule, value, before));
  const here = own.map(({ rule, message = `failed rule: ${rule}` }) => ({
    path: path === '' ? '<nil>' : path,
    detail: `Invalid value: "${schema.type ?? 'object'}": ${message}`,
  }));
  return [...here, ...errorsWithin(value, before, schema, path)];
}

function isBroken({ rule }: Rule, self: Json, oldSelf: Json | undefined): boolean {
  if (!/\boldSelf\b/.test(rule)) return parse(rule)({ self }) !== true;
  return oldSelf !== undefined && parse(rule)({ self, oldSelf }) !== true;
}

function errorsWithin(value: Json, before: Json | undefined, schema: Schema, path: string): FieldError[] {
  if (Array.isArray(value)) {
    const { items = {} } = schema;
    return value.flatMap((each, index) => ruleErrors(each, undefined, items, `${path}[${index}]`));
  }
  if (!isJsonObject(value)) return [];
  return Object.entries(schema.properties ?? {}).flatMap(([key, inner]) => {
    const own = value[key];
    if (own === undefined) return [];
    const old = isJsonObject(before) ? before[key] : undefined;
    return ruleErrors(own, old, inner, path === '' ? key : `${path}.${key}`);
  });
}
