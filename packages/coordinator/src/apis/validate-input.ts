import type { ApiField, FieldType, Issue, JsonObject, JsonValue } from '@eden/domain';
import { EdenError, isJsonObject, validationError } from '@eden/domain';
import { childOf, parsePath, type PathSegment } from '@eden/work';

/**
 * Checks an input against an API's declared fields. A name such as `items.id` speaks of every element of `items`.
 * What no field speaks of is accepted: bindings may read it.
 * @throws EdenError REQUIRED_FIELD_MISSING (sentence and context name the field), VALIDATION_FAILED
 */
export function validateInput(fields: readonly ApiField[], input: JsonObject): void {
  const found = fields.map((field) => ({ field, values: valuesAt(input, parsePath(field.name) ?? [field.name]) }));
  for (const { field, values } of found) {
    if (field.required && values.some((value) => value === undefined || value === null)) throw missing(field);
  }
  const issues = found.flatMap(({ field, values }) => checkTypes(field, values));
  if (issues.length > 0) throw validationError(issues);
}

/** The values a path speaks of: one, undefined where it leads nowhere, or one per element of an array on its way. */
function valuesAt(value: JsonValue, [segment, ...rest]: readonly PathSegment[]): readonly (JsonValue | undefined)[] {
  if (segment === undefined) return [value];
  if (Array.isArray(value) && typeof segment === 'string') {
    return value.flatMap((element: JsonValue) => valuesAt(element, [segment, ...rest]));
  }
  const child = childOf(value, segment);
  return child === undefined ? [undefined] : valuesAt(child, rest);
}

function missing({ name }: ApiField): EdenError {
  return new EdenError('REQUIRED_FIELD_MISSING', { field: name }, { sentence: `Missing required field: ${name}` });
}

function checkTypes({ name, type }: ApiField, values: readonly (JsonValue | undefined)[]): readonly Issue[] {
  const wrong = values.find((value) => value !== undefined && value !== null && typeOf(value) !== type);
  return wrong === undefined ? [] : [{ path: name, message: `Expected ${type}, got ${typeOf(wrong ?? null)}` }];
}

function typeOf(value: JsonValue): FieldType | 'Null' {
  if (value === null) return 'Null';
  if (Array.isArray(value)) return 'Array';
  if (isJsonObject(value)) return 'Object';
  return typeof value === 'string' ? 'String' : typeof value === 'number' ? 'Number' : 'Boolean';
}
