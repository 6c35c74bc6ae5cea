import { describe, expect, it } from '@jest/globals';
import type { BoundText, EndpointKind, JsonObject } from '@eden/domain';
import fc from 'fast-check';
import { createTemplateEngine } from './index.js';

/* A statement with its values beside it, from the same template as the one with its values written into it. */

const engine = createTemplateEngine();

interface Made {
  readonly text: string;
  readonly bound: BoundText | null;
}

function make(query: string, values: JsonObject, params: string[] = [], endpointKind: EndpointKind = 'Postgres'): Made {
  const definition = { endpointKind, kind: 'Read', body: { query, params }, settings: {} } as const;
  const [operation] = engine.compile(definition).bind(values).operations;
  return { text: operation?.render().text ?? '', bound: operation?.bound ?? null };
}

describe('the values beside a statement', () => {
  it.each<[string, JsonObject, BoundText]>([
    ['SELECT 1', {}, { text: 'SELECT 1', values: [] }],
    ['SELECT * FROM t WHERE id = {{id}}', { id: 5 }, { text: 'SELECT * FROM t WHERE id = $1', values: [5] }],
    [
      'SELECT {{a}}::text, {{b}}, {{a}}',
      { a: -5, b: "it's" },
      { text: 'SELECT $1::text, $2, $3', values: [-5, "it's", -5] },
    ],
    ['SELECT {{a}} /* x */ + 1', { a: -1 }, { text: 'SELECT $1 /* x */ + 1', values: [-1] }],
    [
      'SELECT * FROM t WHERE a = {{x}} AND b IS NOT DISTINCT FROM {{n}} AND c = {{f}}',
      { x: { y: 1 }, n: null, f: true },
      {
        text: 'SELECT * FROM t WHERE a = $1 AND b IS NOT DISTINCT FROM $2 AND c = $3',
        values: ['{"y":1}', null, true],
      },
    ],
    [
      'SELECT * FROM t WHERE {{#each xs}}id = {{this}} OR {{/each}}false',
      { xs: [1, 'two'] },
      { text: 'SELECT * FROM t WHERE id = $1 OR id = $2 OR false', values: [1, 'two'] },
    ],
  ])('of %s', (query, values, bound) => {
    expect(make(query, values).bound).toEqual(bound);
  });

  it.each<[string, string, JsonObject]>([
    ['a name', 'SELECT {{ident c}} FROM t', { c: 'x' }],
    ['names', 'SELECT {{idents c}} FROM t', { c: ['x'] }],
    ['raw SQL', 'SELECT {{raw c}} FROM t', { c: 'x' }],
    ['a value inside a literal', "SELECT 'a {{c}}'", { c: 'x' }],
    ['a name inside a literal', "SELECT 'a {{ident c}}'", { c: 'x' }],
    ['a list', 'SELECT * FROM t WHERE id IN ({{c}})', { c: [1, 2] }],
    ['a list of its own', 'SELECT * FROM t WHERE id IN ({{list c}})', { c: '1, 2' }],
  ])('are none where something else is written: %s', (_what, query, values) => {
    expect(make(query, values)).toMatchObject({ bound: null, text: expect.any(String) });
  });

  it('are none beside parameters of its own, or where it names some', () => {
    expect(make('SELECT $1, {{x}}', { x: 1, y: 2 }, ['{{y}}']).bound).toBeNull();
    expect(make('SELECT $1, {{x}}', { x: 1 }).bound).toBeNull();
  });

  it('are none on MariaDB, whose parameters have types of their own', () => {
    expect(make('SELECT {{x}}', { x: 1 }, [], 'MySQL').bound).toBeNull();
  });

  it('say the same as the statement with its values in it', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 6 }).filter((each) => !each.includes('\0'));
    const value = fc.oneof(text, fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean());
    const query = 'SELECT {{a}}::text, {{b}} ,{{c}}  ||{{a}}, f({{b}}) FROM t WHERE x={{c}} AND y =  {{a}}';
    fc.assert(
      fc.property(value, value, value, (a, b, c) => {
        const made = make(query, { a, b, c });
        const one = (each: unknown): string => make('SELECT {{x}}', { x: each as string }).text.slice('SELECT '.length);
        const written = made.bound?.text.replace(/\$(\d+)/g, (_, n) => one(made.bound?.values[Number(n) - 1]));
        // A sign may need parentheses, and a space.
        const plain = (each = ''): string => each.replace(/\((-[^()']*)\)/g, '$1').replaceAll(' ', '');
        expect(plain(written)).toBe(plain(made.text));
      }),
    );
  });
});
