import { isDeepStrictEqual } from 'node:util';
import { copyOf, isJsonObject, type Json } from './objects.js';
import type { FieldError } from './status-error.js';

/** A rule between fields, in CEL. */
export interface Rule {
  readonly rule: string;
  readonly message?: string;
}

/** What a structural schema of a CustomResourceDefinition may say, as far as this server knows it. */
export interface Schema {
  readonly type?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean';
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly required?: readonly string[];
  readonly default?: Json;
  readonly enum?: readonly Json[];
  readonly pattern?: string;
  readonly format?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly nullable?: boolean;
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
  readonly 'x-kubernetes-list-type'?: string;
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
  readonly 'x-kubernetes-validations'?: readonly Rule[];
}

/** Drops what the schema does not know. */
export function prune(value: Json, schema: Schema): Json {
  if (Array.isArray(value))
    return schema.items === undefined ? value : value.map((each) => prune(each, schema.items as Schema));
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value).flatMap(([key, inner]): [string, Json][] => {
    const known = schema.properties?.[key] ?? additional(schema);
    if (known !== undefined) return [[key, prune(inner, known)]];
    return schema['x-kubernetes-preserve-unknown-fields'] === true ? [[key, inner]] : [];
  });
  return Object.fromEntries(entries);
}

function additional({ additionalProperties }: Schema): Schema | undefined {
  if (additionalProperties === true) return { 'x-kubernetes-preserve-unknown-fields': true };
  return additionalProperties === false ? undefined : additionalProperties;
}

/** Fills in what is absent and has a default, from the outside in: a default of an object is filled in itself. */
export function withDefaults(value: Json, schema: Schema): Json {
  if (Array.isArray(value)) {
    return schema.items === undefined ? value : value.map((each) => withDefaults(each, schema.items as Schema));
  }
  if (!isJsonObject(value)) return value;
  const missing = Object.entries(schema.properties ?? {}).filter(
    ([key, inner]) => value[key] === undefined && inner.default !== undefined,
  );
  const filled = {
    ...value,
    ...Object.fromEntries(missing.map(([key, inner]) => [key, copyOf(inner.default as Json)])),
  };
  return Object.fromEntries(
    Object.entries(filled).map(([key, inner]) => {
      const known = schema.properties?.[key] ?? additional(schema);
      return [key, known === undefined ? inner : withDefaults(inner, known)];
    }),
  );
}

export function validate(value: Json, schema: Schema, path = ''): FieldError[] {
  if (value === null && schema.nullable === true) return [];
  const wrong = typeError(value, schema, path);
  if (wrong !== null) return [wrong];
  return [
    ...(typeof value === 'string' ? stringErrors(value, schema, path) : []),
    ...(typeof value === 'number' ? numberErrors(value, schema, path) : []),
    ...enumErrors(value, schema, path),
    ...(Array.isArray(value) ? listErrors(value, schema, path) : []),
    ...(isJsonObject(value) ? objectErrors(value, schema, path) : []),
  ];
}

function typeError(value: Json, { type }: Schema, path: string): FieldError | null {
  const actual = Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value;
  const isInteger = type === 'integer' && Number.isInteger(value);
  if (type === undefined || type === actual || isInteger) return null;
  const shown = typeof value === 'object' ? `"${actual}"` : JSON.stringify(value);
  return { path, detail: `Invalid value: ${shown}: ${path} in body must be of type ${type}: "${actual}"` };
}

function stringErrors(value: string, schema: Schema, path: string): FieldError[] {
  const { pattern, minLength = 0, maxLength = Infinity, format } = schema;
  const bad = (rule: string): FieldError => ({
    path,
    detail: `Invalid value: ${JSON.stringify(value)}: ${path} in body ${rule}`,
  });
  return [
    ...(pattern !== undefined && !new RegExp(pattern, 'u').test(value) ? [bad(`should match '${pattern}'`)] : []),
    ...(value.length < minLength ? [bad(`should be at least ${minLength} chars long`)] : []),
    ...(value.length > maxLength ? [{ path, detail: `Too long: may not be more than ${maxLength} bytes` }] : []),
    ...(format === 'date-time' && Number.isNaN(Date.parse(value)) ? [bad('must be of type date-time')] : []),
  ];
}

function numberErrors(value: number, { minimum = -Infinity, maximum = Infinity }: Schema, path: string): FieldError[] {
  const bad = (rule: string): FieldError[] => [
    { path, detail: `Invalid value: ${value}: ${path} in body should be ${rule}` },
  ];
  if (value < minimum) return bad(`greater than or equal to ${minimum}`);
  return value > maximum ? bad(`less than or equal to ${maximum}`) : [];
}

function enumErrors(value: Json, schema: Schema, path: string): FieldError[] {
  if (schema.enum === undefined || schema.enum.some((allowed) => isDeepStrictEqual(allowed, value))) return [];
  const supported = schema.enum.map((allowed) => JSON.stringify(allowed)).join(', ');
  return [{ path, detail: `Unsupported value: ${JSON.stringify(value)}: supported values: ${supported}` }];
}

function listErrors(value: readonly Json[], schema: Schema, path: string): FieldError[] {
  const { items = {}, minItems = 0, maxItems = Infinity } = schema;
  const inner = value.flatMap((each, index) => validate(each, items, `${path}[${index}]`));
  const few =
    value.length < minItems
      ? [{ path, detail: `Invalid value: ${value.length}: ${path} in body should have at least ${minItems} items` }]
      : [];
  const many =
    value.length > maxItems ? [{ path, detail: `Too many: ${value.length}: must have at most ${maxItems} items` }] : [];
  return [...few, ...many, ...inner, ...duplicates(value, schema, path)];
}

function duplicates(value: readonly Json[], schema: Schema, path: string): FieldError[] {
  const keys = schema['x-kubernetes-list-map-keys'];
  if (schema['x-kubernetes-list-type'] !== 'map' || keys === undefined) return [];
  const identities = value.map((each) =>
    JSON.stringify(keys.map((key) => (isJsonObject(each) ? [key, each[key]] : null))),
  );
  return identities.flatMap((identity, index) =>
    identities.indexOf(identity) < index ? [{ path: `${path}[${index}]`, detail: `Duplicate value: ${identity}` }] : [],
  );
}

function objectErrors(value: Readonly<Record<string, Json>>, schema: Schema, path: string): FieldError[] {
  const below = (key: string): string => (path === '' ? key : `${path}.${key}`);
  const missing = (schema.required ?? []).filter((key) => value[key] === undefined);
  const inner = Object.entries(value).flatMap(([key, each]) => {
    const known = schema.properties?.[key] ?? additional(schema);
    return known === undefined ? [] : validate(each, known, below(key));
  });
  return [...inner, ...missing.map((key) => ({ path: below(key), detail: 'Required value' }))];
}
