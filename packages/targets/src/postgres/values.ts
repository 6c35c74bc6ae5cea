import type { JsonValue } from '@eden/domain';
import { types, type CustomTypesConfig } from 'pg';
import { ProtocolViolation } from './guard/guard-errors.js';
import type { RowWork } from './guard/row-work.js';

/*
 * How PostgreSQL's values become JSON. Text formats are read as the server sends them; a value that JSON cannot hold
 * exactly (a large number, infinity, a year BC, a session with another DateStyle) stays the server's text.
 */

type Parser = (text: string) => JsonValue;

/** Numbers up to this many significant digits survive the way through a double and back. */
const EXACT_DIGITS = 15;

const TIMESTAMP =
  /^(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?(?:([+-])(\d\d)(?::(\d\d))?(?::(\d\d))?)?$/;

function parseInteger(text: string): JsonValue {
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : text;
}

function parseNumeric(text: string): JsonValue {
  const digits = text.replace(/^-/, '').replace('.', '').replace(/^0+/, '');
  return /^\d*$/.test(digits) && digits.length <= EXACT_DIGITS ? Number(text) : text;
}

function parseFloat8(text: string): JsonValue {
  const number = Number(text);
  return Number.isFinite(number) ? number : text;
}

/** ISO 8601 without a zone, as the column has none. */
function parseTimestamp(text: string): JsonValue {
  return TIMESTAMP.test(text) ? text.replace(' ', 'T') : text;
}

/** RFC 3339 in UTC; microseconds are kept where there are any. */
function parseTimestamptz(text: string): JsonValue {
  const match = TIMESTAMP.exec(text);
  if (match?.[8] === undefined) return text;
  const [, year, month, day, hours, minutes, seconds, fraction = ''] = match;
  const local = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hours), Number(minutes), Number(seconds));
  const utc = new Date(local - offsetMs(match.slice(8)));
  if (utc.getUTCFullYear() < 1000) return text;
  const digits = fraction.padEnd(fraction.length > 3 ? 6 : 3, '0');
  return `${utc.toISOString().slice(0, 19)}.${digits}Z`;
}

function offsetMs([sign, hours, minutes, seconds]: readonly (string | undefined)[]): number {
  const offsetSeconds = Number(hours) * 3600 + Number(minutes ?? 0) * 60 + Number(seconds ?? 0);
  return (sign === '-' ? -1 : 1) * offsetSeconds * 1000;
}

const parseText: Parser = (text) => text;
const parseBoolean: Parser = (text) => text === 't';
const parseJson: Parser = (text) => JSON.parse(text) as JsonValue;

/** By type: its oid, the oid of its array, how to read it (pg_type.dat in PostgreSQL's sources). */
const TYPES: readonly (readonly [oid: number, arrayOid: number, parser: Parser])[] = [
  [16, 1000, parseBoolean],
  [20, 1016, parseInteger],
  [21, 1005, parseInteger],
  [23, 1007, parseInteger],
  [26, 1028, parseInteger],
  [700, 1021, parseFloat8],
  [701, 1022, parseFloat8],
  [1700, 1231, parseNumeric],
  [1114, 1115, parseTimestamp],
  [1184, 1185, parseTimestamptz],
  [1082, 1182, parseText],
  [1083, 1183, parseText],
  [25, 1009, parseText],
  [18, 1002, parseText],
  [19, 1003, parseText],
  [1042, 1014, parseText],
  [1043, 1015, parseText],
  [2950, 2951, parseText],
  [114, 199, parseJson],
  [3802, 3807, parseJson],
];

/** The driver's own reader of array literals: nested lists of texts and nulls. */
const TEXT_ARRAY: number = 1009;
const parseTextArray = types.getTypeParser(TEXT_ARRAY, 'text') as (text: string) => TextArray;
type TextArray = readonly (string | null | TextArray)[];

function mapLeaves(array: TextArray, parser: Parser): JsonValue[] {
  return array.map((entry) =>
    entry === null ? null : typeof entry === 'string' ? parser(entry) : mapLeaves(entry, parser),
  );
}

const PARSERS: ReadonlyMap<number, Parser> = new Map(
  TYPES.flatMap(([oid, arrayOid, parser]): [number, Parser][] => [
    [oid, parser],
    [arrayOid, (text) => mapLeaves(parseTextArray(text), parser)],
  ]),
);

/** Reads a value in PostgreSQL's text format; types without an entry stay text. */
export function parseValue(typeOid: number, text: string): JsonValue {
  return (PARSERS.get(typeOid) ?? parseText)(text);
}

/** `json` and `jsonb`, and arrays of them. */
const JSON_TYPES: ReadonlySet<number> = new Set([114, 3802, 199, 3807]);
const ARRAY_TYPES: ReadonlySet<number> = new Set(TYPES.map(([, arrayOid]) => arrayOid));

/** For the driver: rows are plain JSON, whatever parsers somebody else set globally. */
export function jsonTypes(work: RowWork): CustomTypesConfig {
  const getTypeParser = (oid: number) => (text: string) => checkedValue(oid, text, work);
  return { getTypeParser: getTypeParser as CustomTypesConfig['getTypeParser'] };
}

/** PostgreSQL never sends a value that is not of its type. @throws ProtocolViolation, ResultTooLarge */
export function checkedValue(oid: number, text: string, work: RowWork): JsonValue {
  if (text.includes('\0')) throw new ProtocolViolation('a text holds a zero byte');
  if (JSON_TYPES.has(oid)) work.spendOnJson(text);
  if (ARRAY_TYPES.has(oid)) work.spendOnArray(text);
  try {
    return parseValue(oid, text);
  } catch (cause) {
    throw new ProtocolViolation('a value is not of its type', { cause });
  }
}
