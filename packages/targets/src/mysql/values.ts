import type { JsonValue } from '@eden/domain';
import { assertShallow } from '../json-depth.js';
import { ProtocolViolation } from './guard/guard-errors.js';

/*
 * How MariaDB's values become JSON. Its text formats are read as the server sends them; a value that JSON cannot hold
 * exactly (a large number, a zero date) stays the server's text, and binary data become hexadecimal digits.
 */

/** A value as the driver hands it over, unread. */
export interface Field {
  readonly type: string;
  /** `json` for a column of MariaDB's type JSON, which is a text to everybody else. */
  readonly extendedFormat?: string;
  string(encoding?: string): string | null;
}

/** Numbers up to this many significant digits survive the way through a double and back. */
const EXACT_DIGITS = 15;
const DATETIME = /^(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?$/;

const READERS: Readonly<Record<string, (text: string) => JsonValue>> = {
  TINY: readInteger,
  SHORT: readInteger,
  INT24: readInteger,
  LONG: readInteger,
  LONGLONG: readInteger,
  YEAR: readInteger,
  FLOAT: readFloat,
  DOUBLE: readFloat,
  DECIMAL: readDecimal,
  NEWDECIMAL: readDecimal,
  DATETIME: (text) => (DATETIME.test(text) ? text.replace(' ', 'T') : text),
  TIMESTAMP: readTimestamp,
  DATE: (text) => text,
  NEWDATE: (text) => text,
  TIME: (text) => text,
};

/** @param next reads the value as the driver would: a text, or the bytes of what has no character set */
export function readValue(field: Field, next: () => unknown): JsonValue {
  if (field.extendedFormat === 'json') return readJson(field.string('utf8'));
  const reader = READERS[field.type];
  if (reader !== undefined) {
    const text = field.string('ascii');
    return text === null ? null : reader(text);
  }
  const value = next();
  if (value === null || typeof value === 'string') return value;
  if (Buffer.isBuffer(value)) return `0x${value.toString('hex')}`;
  throw new ProtocolViolation('a value of an unknown type');
}

function readInteger(text: string): JsonValue {
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : text;
}

function readFloat(text: string): JsonValue {
  const number = Number(text);
  return Number.isFinite(number) ? number : text;
}

function readDecimal(text: string): JsonValue {
  const digits = text.replace(/^-/, '').replace('.', '').replace(/^0+/, '');
  return /^\d*$/.test(digits) && digits.length <= EXACT_DIGITS ? Number(text) : text;
}

/** RFC 3339: the time zone of our sessions is UTC; microseconds are kept where there are any. */
function readTimestamp(text: string): JsonValue {
  const [, year, month, day, hours, minutes, seconds, fraction = ''] = DATETIME.exec(text) ?? [];
  if (year === undefined || year < '1000') return text;
  const digits = fraction.padEnd(fraction.length > 3 ? 6 : 3, '0');
  return `${year}-${month}-${day}T${hours}:${minutes}:${seconds}.${digits}Z`;
}

function readJson(text: string | null): JsonValue {
  if (text === null) return null;
  assertShallow(text);
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return text;
  }
}
