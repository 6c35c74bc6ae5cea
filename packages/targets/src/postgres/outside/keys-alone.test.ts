import { expect, it } from '@jest/globals';
import { splitStatements } from '../split.js';
import { ALL_KEYS, BOUNDS, formOf, withKeysAlone } from './keys-alone.js';

async function alone(text: string): Promise<string | null> {
  return (await withKeysAlone(await splitStatements({ text, params: [] }), ALL_KEYS))?.text ?? null;
}

it.each([
  ['INSERT INTO a SELECT 1 RETURNING id; ', 'INSERT INTO a SELECT 1 RETURNING id'],
  ['UPDATE a SET b = 1 RETURNING id -- all of it', 'UPDATE a SET b = 1 RETURNING id -- all of it'],
  [
    'WITH n AS (SELECT 1) DELETE FROM a USING n RETURNING a.id',
    'WITH n AS (SELECT 1) DELETE FROM a USING n RETURNING a.id',
  ],
])('takes the keys of %s together', async (text, kept) => {
  expect(await alone(text)).toMatch(/^WITH eden_batch\(eden_key\) AS \(/);
  expect(await alone(text)).toContain(`(${kept}\n)`);
});

it.each([
  'SELECT id FROM a',
  'INSERT INTO a SELECT 1',
  'INSERT INTO a SELECT 1; SELECT 1',
  'WITH d AS (DELETE FROM a RETURNING id) INSERT INTO b SELECT id FROM d RETURNING id',
])('leaves %s as it is', async (text) => expect(await alone(text)).toBeNull());

it('reads keys as rows have them', () => {
  const read = (keys: unknown, type: number, count: unknown = 2) =>
    ALL_KEYS.read({ rows: count, keys: JSON.stringify(keys), type });
  expect(read(['7', null], 23)).toEqual({ rows: [{ key: 7 }, { key: null }], rowCount: 2, type: 23 });
  expect(read(['9007199254740993', '1'], 20).rows).toEqual([{ key: '9007199254740993' }, { key: 1 }]);
  expect(read(['a', '7'], 25).rows).toEqual([{ key: 'a' }, { key: '7' }]);
  expect(read([], 0, 0)).toEqual({ rows: [], rowCount: 0, type: 0 });
  for (const hostile of [['7'], ['7', 7], { length: 2 }, 'ab'])
    expect(() => read(hostile, 23)).toThrow('not what was asked');
  expect(() => ALL_KEYS.read({ rows: 1, keys: '["7"', type: 23 })).toThrow('not of its type');
  expect(() => ALL_KEYS.read(undefined)).toThrow('not what was asked');
});

it('reads the least and the greatest of integers, and that one of them is null', () => {
  const read = (row: object) => BOUNDS.read({ rows: 3, known: 3, least: '-7', greatest: '8', type: 23, ...row });
  expect(read({})).toEqual({ rows: [{ key: -7 }, { key: 8 }], rowCount: 3, type: 23 });
  expect(read({ known: 2 }).rows).toEqual([{ key: -7 }, { key: 8 }, { key: null }]);
  expect(read({ rows: 0, known: 0, least: '', greatest: '' })).toEqual({ rows: [], rowCount: 0, type: 23 });
  expect(read({ greatest: '9007199254740993', type: 20 }).rows[1]).toEqual({ key: '9007199254740993' });
  for (const hostile of [{ known: 4 }, { type: 25 }, { type: 0 }, { least: null }, { rows: '3' }])
    expect(() => read(hostile)).toThrow('not what was asked');
  expect([20, 21, 23, 25, 1700, 2950, 0].map((type) => formOf(type) === BOUNDS)).toEqual([
    ...[true, true, true],
    ...[false, false, false, false],
  ]);
});
