import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DEEPEST_LEVEL, guardJson } from './json-guard.js';

function nested(levels: number): unknown {
  return JSON.parse('['.repeat(levels) + ']'.repeat(levels));
}

describe('the guard of JSON bodies', () => {
  it('accepts every ordinary value', () => {
    const json = fc.jsonValue({ maxDepth: 5, stringUnit: 'grapheme' });
    fc.assert(
      fc.property(json, (value) => {
        const text = JSON.stringify(value);
        fc.pre(!text.includes('\\u0000') && !text.includes('__proto__'));
        expect(() => guardJson(value)).not.toThrow();
      }),
    );
  });

  it('accepts 100 levels and refuses more, however deep, without exhausting the stack', () => {
    expect(() => guardJson(nested(DEEPEST_LEVEL))).not.toThrow();
    expect(() => guardJson(nested(DEEPEST_LEVEL + 1))).toThrow('Validation failed');
    expect(() => guardJson(nested(200_000))).toThrow('Validation failed');
  });

  it('takes bodies as wide as they may be', () => {
    expect(() => guardJson(Array.from({ length: 500_000 }, () => 1))).not.toThrow();
  });

  it.each([
    ['a NUL character', '{"a":["x\\u0000"]}', 'a[0]'],
    ['half of a surrogate pair', '{"a":{"b":"\\ud800"}}', 'a.b'],
    ['a NUL character in a key', '{"a":{"\\u0000":1}}', 'a'],
    ['a number that no double can hold', '{"a":[1e400]}', 'a[0]'],
    ['__proto__', '{"a":{"__proto__":{"admin":true}}}', 'a.__proto__'],
  ])('refuses %s and names its place', (_what, text, path) => {
    let issues: unknown;
    try {
      guardJson(JSON.parse(text));
    } catch (error) {
      issues = (error as { context: { issues: unknown } }).context.issues;
    }
    expect(issues).toEqual([expect.objectContaining({ path })]);
  });
});
