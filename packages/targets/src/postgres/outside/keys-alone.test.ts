import { expect, it } from '@jest/globals';
import { splitStatements } from '../split.js';
import { rowsOfKeys, withKeysAlone } from './keys-alone.js';

async function alone(text: string): Promise<string | null> {
  return (await withKeysAlone(await splitStatements({ text, params: [] })))?.text ?? null;
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
  const rows = (keys: unknown, type: number, count: unknown = 2) =>
    rowsOfKeys({ rows: [{ rows: count as number, keys: JSON.stringify(keys), type }], rowCount: 1 });
  expect(rows(['7', null], 23)).toEqual({ rows: [{ key: 7 }, { key: null }], rowCount: 2 });
  expect(rows(['9007199254740993', '1'], 20).rows).toEqual([{ key: '9007199254740993' }, { key: 1 }]);
  expect(rows(['a', '7'], 25).rows).toEqual([{ key: 'a' }, { key: '7' }]);
  expect(rows([], 0, 0)).toEqual({ rows: [], rowCount: 0 });
  for (const hostile of [['7'], ['7', 7], { length: 2 }, 'ab'])
    expect(() => rows(hostile, 23)).toThrow('not what was asked');
  expect(() => rowsOfKeys({ rows: [{ rows: 1, keys: '["7"', type: 23 }], rowCount: 1 })).toThrow('not of its type');
  expect(() => rowsOfKeys({ rows: [], rowCount: 0 })).toThrow('not what was asked');
});
