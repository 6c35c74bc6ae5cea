import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseValue } from './values.js';

const INT8 = 20;
const NUMERIC = 1700;
const FLOAT8 = 701;
const TIMESTAMP = 1114;
const TIMESTAMPTZ = 1184;
const JSONB_ARRAY = 3807;
const INT4_ARRAY = 1007;

describe('a value of PostgreSQL as JSON', () => {
  it.each([
    [INT8, '9007199254740991', 9007199254740991],
    [INT8, '9007199254740993', '9007199254740993'],
    [NUMERIC, '12.50', 12.5],
    [NUMERIC, '0.00000001', 0.00000001],
    [NUMERIC, '123456789012345678.9', '123456789012345678.9'],
    [NUMERIC, 'NaN', 'NaN'],
    [FLOAT8, '1e-7', 1e-7],
    [FLOAT8, '-Infinity', '-Infinity'],
    [TIMESTAMP, '2024-02-29 23:59:59.5', '2024-02-29T23:59:59.5'],
    [TIMESTAMPTZ, '2024-02-29 23:59:59+00', '2024-02-29T23:59:59.000Z'],
    [TIMESTAMPTZ, '2024-02-29 23:59:59.123456-05:30', '2024-03-01T05:29:59.123456Z'],
    [TIMESTAMPTZ, '1900-01-01 00:00:00+00:19:32', '1899-12-31T23:40:28.000Z'],
    [TIMESTAMPTZ, '0044-03-15 12:00:00+00 BC', '0044-03-15 12:00:00+00 BC'],
    [TIMESTAMPTZ, 'infinity', 'infinity'],
    [TIMESTAMPTZ, 'Thu 29 Feb 23:59:59 2024 UTC', 'Thu 29 Feb 23:59:59 2024 UTC'],
    [
      INT4_ARRAY,
      '{{1,2},{NULL,4}}',
      [
        [1, 2],
        [null, 4],
      ],
    ],
    [JSONB_ARRAY, '{"{\\"a\\": [1]}",NULL}', [{ a: [1] }, null]],
  ])('of type %i: %s', (oid, text, expected) => {
    expect(parseValue(oid, text)).toEqual(expected);
  });

  it('never changes a number: what became a JavaScript number has the same decimal value', () => {
    const digits = fc.stringMatching(/^-?[1-9][0-9]{0,20}(\.[0-9]{1,12})?$/);
    fc.assert(
      fc.property(digits, (text) => {
        const value = parseValue(NUMERIC, text);
        if (typeof value === 'string') expect(value).toBe(text);
        else expect(sameDecimal(String(value), text)).toBe(true);
      }),
    );
  });

  it('keeps the instant of every timestamp with time zone', () => {
    const offset = fc.integer({ min: -15 * 60, max: 15 * 60 });
    fc.assert(
      fc.property(
        fc.date({ min: new Date('1001-01-01'), max: new Date('9998-01-01'), noInvalidDate: true }),
        offset,
        (date, minutes) => {
          const local = new Date(date.getTime() + minutes * 60_000).toISOString();
          const zone = `${minutes < 0 ? '-' : '+'}${two(Math.abs(minutes) / 60)}:${two(Math.abs(minutes) % 60)}`;
          const text = `${local.slice(0, 10)} ${local.slice(11, 23)}${zone}`;
          expect(parseValue(TIMESTAMPTZ, text)).toBe(date.toISOString());
        },
      ),
    );
  });
});

function two(value: number): string {
  return String(Math.floor(value)).padStart(2, '0');
}

/** Compares without a double in between: both texts to digits and exponent. */
function sameDecimal(a: string, b: string): boolean {
  return normalize(a) === normalize(b);
}

function normalize(text: string): string {
  const [mantissa = '', exponent = '0'] = text.toLowerCase().split('e');
  const [whole = '', fraction = ''] = mantissa.replace('-', '').split('.');
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  const trimmed = digits.replace(/0+$/, '');
  const power = Number(exponent) - fraction.length + (digits.length - trimmed.length);
  return `${mantissa.startsWith('-') ? '-' : ''}${trimmed}e${trimmed === '' ? 0 : power}`;
}
