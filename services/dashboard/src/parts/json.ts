import { TEXTS } from '../texts.js';

export type JsonObject = Readonly<Record<string, unknown>>;

/** Nothing is an empty object. @throws Error that says where, for what is no JSON object */
export function objectOf(text: string, label: string): JsonObject {
  const value = text.trim() === '' ? {} : parse(text, label);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error(TEXTS.fields.noObject(label));
  return value as JsonObject;
}

function parse(text: string, label: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(TEXTS.fields.noJson(label, error instanceof Error ? error.message : ''), { cause: error });
  }
}

/** For a field that holds JSON; an empty object is an empty field. */
export function jsonText(value: object): string {
  return Object.keys(value).length === 0 ? '' : JSON.stringify(value, null, 2);
}
