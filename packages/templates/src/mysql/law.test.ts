import { describe, expect, it } from '@jest/globals';
import type { JsonObject, JsonValue } from '@eden/domain';
import { isEdenError } from '@eden/domain';
import { tokenizeMysql } from '@eden/lexers';
import fc from 'fast-check';
import { createTemplateEngine } from '../index.js';

/*
 * The law of the engine for MySQL's SQL: whatever a value holds, the statement around it stays what it is. A real server is
 * asked the same in law.integration.test.ts.
 */

const engine = createTemplateEngine();

function render(query: string, values: JsonObject): string {
  const definition = { endpointKind: 'MySQL', kind: 'Write', body: { query }, settings: {} } as const;
  return engine.compile(definition).bind(values).operations[0]?.render().text ?? '';
}

/** Null where the template or the value is refused, which is the other way to keep the law. */
function attempt(query: string, values: JsonObject): string | null {
  try {
    return render(query, values);
  } catch (error) {
    const isRefused = ['TEMPLATE_NOT_RENDERED', 'VALIDATION_FAILED', 'REQUIRED_PARAMETER_MISSING'] as const;
    if (isRefused.some((code) => isEdenError(error, code))) return null;
    throw error;
  }
}

function shapeOf(sql: string): string[] {
  const tokens = tokenizeMysql(sql, null).filter(({ kind }) => kind !== 'space');
  return tokens.map(({ kind, start, end }) => {
    const written = sql.slice(start, end);
    if (kind === 'number' || kind === 'string') return 'constant';
    if (/^(TRUE|FALSE)$/.test(written)) return 'boolean';
    return kind === 'quotedIdentifier' ? 'name' : written;
  });
}

const HOSTILE = [
  ...[
    "'",
    "''",
    '"',
    '`',
    '\\',
    "\\'",
    '\\\\',
    '--',
    '-- ',
    '#',
    '/*',
    '*/',
    '/*!',
    '/*M!',
    ';',
    '\n',
    '\r',
    '\0',
    '\uD800',
  ],
  ...[
    "' OR 1=1 -- ",
    "'; DROP TABLE x; -- ",
    '` DROP',
    '\\x27',
    '%',
    '_',
    '?',
    '@',
    '@@',
    '\xbf\x27',
    '\x1a',
    '{{x}}',
    '.',
    ',',
  ],
  ...['\u2019', '\u02BC', '\u00A0', '\u2028', 'é', '𝒳', '\uFEFF', '-', '0', '縗', '\u{ff07}'],
];
const text = fc
  .array(fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'binary', maxLength: 4 })), { maxLength: 8 })
  .map((parts) => parts.join(''));
const number = fc.oneof(fc.integer(), fc.double(), fc.constantFrom(-0, -1, -1e300, 1e-300, 2 ** 53));
const value = fc.oneof(
  text,
  number,
  fc.boolean(),
  fc.constant(null),
  fc.dictionary(text, text, { maxKeys: 3 }),
  fc.array(fc.oneof(text, number), { maxLength: 4 }),
) as fc.Arbitrary<JsonValue>;

/** A value of the same type and sign that cannot do harm. */
function harmless(wild: JsonValue): JsonValue {
  if (Array.isArray(wild)) return wild.map((item: JsonValue) => harmless(item));
  if (typeof wild === 'string') return 'v';
  if (typeof wild === 'number') return wild < 0 ? -1 : 1;
  if (typeof wild === 'boolean') return true;
  return wild === null ? null : { a: 1 };
}

function expectSameShape(query: string, wild: JsonObject, tame: JsonObject): void {
  const rendered = attempt(query, wild);
  if (rendered !== null) expect(shapeOf(rendered)).toEqual(shapeOf(render(query, tame)));
}

const VALUES = [
  'SELECT {{x}}',
  'SELECT * FROM t WHERE a = {{x}} AND b = 2 -- end',
  'SELECT * FROM t WHERE a={{x}};',
  'SELECT * FROM t WHERE a={{x}}# end',
  'SELECT * FROM t WHERE a IN ({{x}}) /* end */',
  'SELECT 3 -{{x}}',
  'SELECT 3 - -{{x}}',
  'SELECT f(a, {{x}}, {{x}})',
  'INSERT INTO t (a, b) VALUES ({{x}}, {{x}}), (1, 2)',
  'UPDATE t SET a={{x}}, `b` = {{x}} WHERE c = {{x}} LIMIT 1',
  "SELECT '{{x}}', 'a\\n{{x}}\\'', \"plain\"",
  "SELECT '%{{x}}%' LIKE 'a\\%{{x}}', N'a', x'41'",
  'SELECT 1 {{#if c}}, {{x}}{{else}}, 2{{/if}}',
  'SELECT 1 FROM t WHERE {{#each (list c)}}{{#unless @first}} OR {{/unless}}a={{../x}}{{/each}}',
];

const NAMES = [
  'SELECT {{ident x}}, {{ident x}} AS {{ident y}} FROM {{ident x}}',
  'SELECT a.{{ident y}}, {{ident y}}.a FROM {{ident x}} AS {{ident y}}',
  'SELECT `b_{{y}}`, `{{y}}` FROM {{ident x}}',
];

describe('the law of the template engine in MySQL’s SQL', () => {
  it.each(VALUES)('a value stays a value in %s', (query) => {
    fc.assert(
      fc.property(value, (x) => {
        const inText = query.includes("'{{x}}") && (x === null || typeof x === 'object');
        expectSameShape(query, { x, c: 'a,b' }, { x: inText ? 'v' : harmless(x), c: 'a,b' });
      }),
      { numRuns: 100 },
    );
  });

  it.each(NAMES)('a name stays a name in %s', (query) => {
    fc.assert(
      fc.property(text, text, (x, y) => {
        expectSameShape(
          query,
          { x, y: y.replaceAll('.', '') },
          {
            x: x
              .split('.')
              .map(() => 'n')
              .join('.'),
            y: 'n',
          },
        );
      }),
      { numRuns: 100 },
    );
  });

  it('holds for every template that compiles, however it is put together', () => {
    let compared = 0;
    fc.assert(
      fc.property(PROGRAM, fc.oneof(text, number), text, fc.boolean(), (query, x, y, c) => {
        const wild = attempt(query, { x, y: y.replaceAll('.', ''), c, l: [x, x] });
        const tame = attempt(query, { x: harmless(x), y: 'n', c, l: [harmless(x), harmless(x)] });
        if (wild === null || tame === null) return;
        compared += 1;
        expect(shapeOf(wild)).toEqual(shapeOf(tame));
      }),
      { numRuns: 4_000 },
    );
    expect(compared).toBeGreaterThan(300);
  });

  it.each([
    ['SELECT "{{x}}"', 'a tag cannot stand inside a "…" literal'],
    ['SELECT /*! {{x}} */ 1', 'begins with /*! is code for some servers'],
    ['SELECT /*!50000 1 */', 'begins with /*! is code for some servers'],
    ['SELECT 1 /*M! + 1 */', 'begins with /*! is code for some servers'],
    ['SELECT 1 # {{x}}', 'a tag cannot stand inside a comment'],
    ['SELECT 1 --{{x}}', 'a tag cannot stand inside a comment'],
    ["SELECT N'{{x}}'", "a tag cannot stand inside an N'…' literal"],
    ["SELECT x'{{x}}'", 'a tag cannot stand inside a bit string'],
    ["SELECT @'{{x}}'", 'a tag cannot stand inside the name of a variable in quotes'],
    ['SELECT @{{x}}', 'glued to the text before it'],
    ["SELECT _latin1'a' {{x}}", 'a value cannot follow another value'],
    ["PREPARE s FROM '{{x}}'", 'a value cannot stand in code'],
    ['EXECUTE IMMEDIATE {{x}}', 'a value cannot stand in code'],
    ['INSERT INTO {{x}} VALUES (1)', 'write {{ident …}} around it'],
  ])('refuses %s', (query, reason) => {
    expect(() => render(query, { x: 'a' })).toThrow(
      expect.objectContaining({
        context: expect.objectContaining({
          issues: [expect.objectContaining({ message: expect.stringContaining(reason) })],
        }),
      }),
    );
  });

  it.each(['', 'a'.repeat(65), 'a ', '𝒳'])('refuses the name "%s", which the server would not keep', (x) => {
    expect(attempt('SELECT {{ident x}}', { x })).toBeNull();
  });

  it('counts the ? that params has values for', () => {
    const compile = (query: string) =>
      engine.compile({ endpointKind: 'MySQL', kind: 'Read', body: { query, params: [1, 2] }, settings: {} });
    expect(() => compile("SELECT ?, '?', ?")).not.toThrow();
    expect(() => compile('SELECT ?, ?, ?')).toThrow();
  });
});

const FRAGMENTS = [
  ...[
    'a',
    'x',
    'n',
    'b',
    '1',
    '.5',
    '1.',
    "'",
    "''",
    "'a'",
    "'\\'",
    '"',
    '"a"',
    '`',
    '`a`',
    '\\',
    '@',
    '@@',
    '_utf8',
    '?',
  ],
  ...['-', '--', '-- ', '#', '/', '*', '/*', '*/', '/*!', '!', ':=', '=', '.', ',', '(', ')', ';', ' ', ' ', ' ', '\n'],
  ...[' = ', ' AND ', ', ', 'SELECT ', "'a' ", " 'b'", ' IN (', "'{{x}}'", 'PREPARE s FROM ', 'EXECUTE ', 'IMMEDIATE '],
];
const TAGS = ['{{x}}', '{{x}}', '{{x}}', '{{ident y}}', '{{list l}}', '{{#each l}}{{this}},{{/each}}'];
const { program: PROGRAM } = fc.letrec<{ program: string; part: string; block: string }>((tie) => ({
  program: fc.array(tie('part'), { maxLength: 7 }).map((parts) => parts.join('')),
  part: fc.oneof(
    { depthSize: 'small' },
    { arbitrary: fc.constantFrom(...FRAGMENTS), weight: 4 },
    { arbitrary: fc.constantFrom(...TAGS), weight: 3 },
    { arbitrary: tie('block'), weight: 1 },
  ),
  block: fc.oneof(
    tie('program').map((body) => `{{#if c}}${body}{{/if}}`),
    fc.tuple(tie('program'), tie('program')).map(([a, b]) => `{{#if c}}${a}{{else}}${b}{{/if}}`),
    tie('program').map((body) => `{{#each l}}${body.replaceAll(/\b([xyl])\b(?=\}\})/g, '@root.$1')}{{/each}}`),
  ),
}));
