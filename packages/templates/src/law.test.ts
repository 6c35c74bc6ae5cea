import { beforeAll, describe, expect, it } from '@jest/globals';
import type { JsonObject, JsonValue } from '@eden/domain';
import { isEdenError } from '@eden/domain';
import fc from 'fast-check';
import { loadModule, parseSync, scanSync } from 'libpg-query';
import { createTemplateEngine } from './index.js';
import { tokenizePostgres } from '@eden/lexers';

/*
 * The law of the engine: whatever a value holds, the statement around it stays what it is. It is checked with
 * PostgreSQL's own scanner and parser: a statement with a wild value must have the tokens and the tree of the same
 * statement with a harmless value of the same type.
 */

beforeAll(() => loadModule());

const engine = createTemplateEngine();

function render(query: string, values: JsonObject): string {
  const definition = { endpointKind: 'Postgres', kind: 'Write', body: { query }, settings: {} } as const;
  return engine.compile(definition).bind(values).operations[0]?.render().text ?? '';
}

const HOSTILE = [
  ...["'", "''", '"', '""', '\\', "\\'", '\\\\', '--', '/*', '*/', '$$', '$a$', ';', '\n', '\r', '\t', '\0', '\uD800'],
  ...[
    "E'",
    "U&'",
    "' OR 1=1 --",
    "'; DROP TABLE x; --",
    '{{x}}',
    '}}',
    '%',
    '$1',
    ':',
    '::',
    '?',
    '\u2019',
    '\u02BC',
    '\u00A0',
  ],
  ...['"; DROP TABLE x; --', '.', ',', ' ', '-', '0', 'é', '𝒳', '\uFEFF', '\u2028'],
];
const text = fc
  .array(fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'binary', maxLength: 4 })), { maxLength: 8 })
  .map((parts) => parts.join(''));
const number = fc.oneof(fc.integer(), fc.double(), fc.constantFrom(-0, -1, -1e300, 1e-300, 2 ** 53));
const object: fc.Arbitrary<JsonObject> = fc.dictionary(
  text,
  fc.oneof(text, number.filter(Number.isFinite), fc.jsonValue() as fc.Arbitrary<JsonValue>),
  { maxKeys: 3 },
);
const value = fc.oneof(
  text,
  number,
  fc.boolean(),
  fc.constant(null),
  object,
  fc.array(fc.oneof(text, number), { maxLength: 4 }),
);

/** A value of the same type and sign that cannot do harm. */
function harmless(wild: JsonValue): JsonValue {
  if (Array.isArray(wild)) return wild.map((item: JsonValue) => harmless(item));
  if (typeof wild === 'string') return 'v';
  if (typeof wild === 'number') return wild < 0 ? -1 : 1;
  if (typeof wild === 'boolean') return true;
  return wild === null ? null : { a: 1 };
}

/** libpg-query does not escape control characters in the scanner's answer, which is no JSON then. */
function isScannable(sql: string): boolean {
  return !/[^\P{Cc}\n\r\t]/u.test(sql);
}

/** The kinds of the tokens as our lexer finds them; constants of any kind are alike. */
function ownTokensOf(sql: string): string[] {
  const tokens = tokenizePostgres(sql, null).filter(({ kind }) => kind !== 'space');
  return tokens.map(({ kind, start, end }) => {
    const written = sql.slice(start, end);
    if (kind === 'number' || kind === 'string' || kind === 'escapeString') return 'constant';
    if (/^(TRUE|FALSE)$/.test(written)) return 'boolean';
    return kind === 'quotedIdentifier' ? 'identifier' : written;
  });
}

/** The same as PostgreSQL's scanner finds them. */
function scannedTokensOf(sql: string): string[] {
  return scanSync(sql).tokens.map(({ tokenName, text: written }) => {
    if (/^[ISF]?CONST$/.test(tokenName)) return 'constant';
    if (/^(true|false)$/i.test(written)) return 'boolean';
    return tokenName === 'IDENT' || tokenName === 'UIDENT' ? 'identifier' : written.toLowerCase();
  });
}

/** The tree without what belongs to the value and to places in the text; the error where PostgreSQL reads none. */
function treeOf(sql: string, names: boolean): unknown {
  const hidden = (key: string, node: unknown): unknown => {
    if (/location$|^stmt_len$|list_(start|end)$/.test(key)) return undefined;
    if (key === 'A_Const') return (node as { isnull?: boolean }).isnull ? 'null' : 'constant';
    return names && /^(sval|relname|schemaname|catalogname|colname|name|aliasname)$/.test(key) ? 'name' : node;
  };
  try {
    return JSON.parse(JSON.stringify(parseSync(sql), hidden));
  } catch (error) {
    return (error as Error).name;
  }
}

/** Null when the value may not stand there at all, which is the other way to keep the law. */
function attempt(query: string, values: JsonObject): string | null {
  try {
    return render(query, values);
  } catch (error) {
    if (isEdenError(error, 'TEMPLATE_NOT_RENDERED')) return null;
    throw error;
  }
}

function expectSameShape(query: string, wild: JsonObject, tame: JsonObject, names: boolean): void {
  const rendered = attempt(query, wild);
  if (rendered === null) return;
  const reference = render(query, tame);
  expect(ownTokensOf(rendered)).toEqual(ownTokensOf(reference));
  if (isScannable(rendered)) expect(scannedTokensOf(rendered)).toEqual(scannedTokensOf(reference));
  expect(treeOf(rendered, names)).toEqual(treeOf(reference, names));
}

const VALUE_TEMPLATES = [
  'SELECT {{x}}',
  'SELECT {{x}}, {{x}} AS b FROM t',
  'SELECT * FROM t WHERE a = {{x}} AND b = 2 -- end',
  'SELECT * FROM t WHERE a={{x}};',
  'SELECT * FROM t WHERE a IN ({{x}}) /* end */',
  'SELECT 3 -{{x}}',
  'SELECT 3 + -{{x}}',
  'SELECT {{x}}::text',
  'SELECT {{x}} ::text',
  'SELECT ({{x}})::text || {{x}}',
  'SELECT f(a, {{x}}, ARRAY[{{x}}])',
  'SELECT a[{{x}}:{{x}}] FROM t',
  'SELECT 1 WHERE {{x}} IS NOT NULL AND b BETWEEN {{x}} AND {{x}}',
  'INSERT INTO t (a, b) VALUES ({{x}}, {{x}}), (1, 2)',
  'UPDATE t SET a={{x}}, b = {{x}} WHERE c = {{x}}',
  'SELECT CASE WHEN a = {{x}} THEN {{x}} ELSE {{x}} END FROM t',
  'SELECT 1 {{#if c}}, {{x}}{{else}}, 2{{/if}}',
  'SELECT {{#each (list c)}}{{#unless @first}}, {{/unless}}{{../x}}{{/each}}',
  'SELECT 1 FROM t WHERE {{#each (list c)}}{{#unless @first}} OR {{/unless}}a={{../x}}{{/each}}',
];

const LIST_TEMPLATES = [
  'SELECT * FROM t WHERE a IN ({{x}}) /* end */',
  'SELECT * FROM t WHERE a NOT IN (0, {{x}}, {{x}}) AND b',
  'SELECT f(a, ARRAY[{{x}}]), ARRAY[[{{x}}]]::text[]',
  'SELECT 1 WHERE a IN ({{#if c}}{{x}}, {{/if}}{{x}})',
  'INSERT INTO t VALUES ({{list x}}), ({{list x}}, 1)',
  'SELECT f({{list x}})',
];

const TEXT_TEMPLATES = [
  "SELECT '{{x}}'",
  "SELECT '%{{x}}%' || 'b'",
  "SELECT 'it''s {{x}}''{{x}}'",
  "SELECT date'{{x}}', 'a\\{{!}}{{x}}\\'",
  "SELECT '{{x}}'::jsonb, '{{x}}' AS \"b\"",
  "SELECT '{{#if c}}{{x}}{{/if}}', '{{#each (list c)}}{{../x}}{{/each}}'",
];

const NAME_TEMPLATES = [
  'SELECT {{ident x}}, {{ident x}} AS {{ident y}} FROM {{ident x}}',
  'SELECT a.{{ident y}}, {{ident y}}.a FROM {{ident x}} AS {{ident y}}',
  'SELECT {{#each (list c)}}{{#unless @first}}, {{/unless}}{{ident ../y}}{{/each}}',
  'CREATE TABLE IF NOT EXISTS {{ident x}} ("b_{{y}}" int, "{{y}}_c" text)',
  'SELECT \'{{ident x}}\'::regclass, "{{y}}"',
  'DROP TABLE {{ident x}}',
];

describe('the law of the template engine', () => {
  it.each(VALUE_TEMPLATES)('a value stays a value in %s', (query) => {
    fc.assert(
      fc.property(value, (x) => {
        expectSameShape(query, { x, c: 'a,b' }, { x: harmless(x), c: 'a,b' }, false);
      }),
      { numRuns: 60 },
    );
  });

  it.each(TEXT_TEMPLATES)('a value stays inside the literal in %s', (query) => {
    fc.assert(
      fc.property(value, (x) => {
        const tame = x === null || typeof x === 'object' ? { a: 1 } : harmless(x);
        expectSameShape(query, { x, c: 'a,b' }, { x: tame, c: 'a,b' }, false);
      }),
      { numRuns: 60 },
    );
  });

  it.each(NAME_TEMPLATES)('a name stays a name in %s', (query) => {
    fc.assert(
      fc.property(text, text, (x, y) => {
        const schema = x.split('.').map(() => 'n');
        fc.pre(schema.length <= 3);
        expectSameShape(
          query,
          { x: x, y: y.replaceAll('.', ''), c: 'a,b' },
          { x: schema.join('.'), y: 'n', c: 'a,b' },
          true,
        );
      }),
      { numRuns: 60 },
    );
  });

  it('a list of names stays one', () => {
    fc.assert(
      fc.property(
        fc.array(
          text.map((name) => name.replaceAll('.', '_')),
          { minLength: 1, maxLength: 4 },
        ),
        (x) => {
          expectSameShape('SELECT {{idents x}} FROM t', { x }, { x: x.map(() => 'n') }, true);
        },
      ),
    );
  });

  it.each(LIST_TEMPLATES)('an array is a list of values in %s', (query) => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(text, number, fc.boolean(), fc.constant(null)), { minLength: 1, maxLength: 4 }),
        (x) => {
          expectSameShape(query, { x, c: 'a,b' }, { x: harmless(x), c: 'a,b' }, false);
        },
      ),
      { numRuns: 60 },
    );
    expect(attempt(query, { x: [1, 'a'], c: 'a,b' })).not.toBeNull();
  });

  it.each(VALUE_TEMPLATES)('an array changes the number of values nowhere but in a list: %s', (query) => {
    const one = attempt(query, { x: [1], c: 'a,b' });
    const two = attempt(query, { x: [1, 2], c: 'a,b' });
    expect(two === null).toBe(one === null);
    if (two !== null) expect(query).toMatch(/IN \(\{\{x\}\}\)|ARRAY\[\{\{x\}\}\]/);
  });

  it('parses back to the very value', () => {
    fc.assert(
      fc.property(text, (x) => {
        const rendered = attempt('SELECT {{x}}', { x });
        fc.pre(rendered !== null);
        expect(JSON.stringify(parseSync(rendered))).toContain(`"sval":{"sval":${JSON.stringify(x)}}`);
      }),
      { numRuns: 500 },
    );
  });

  it('holds for every template that compiles, however it is put together', () => {
    let compared = 0;
    fc.assert(
      fc.property(program, fc.oneof(text, number), text, fc.boolean(), (query, x, y, c) => {
        const wild = attemptToCompile(query, { x, y: y.replaceAll('.', ''), c, l: [x, x] });
        const tame = attemptToCompile(query, { x: harmless(x), y: 'n', c, l: [harmless(x), harmless(x)] });
        if (wild === null || tame === null) return;
        compared += 1;
        expect(ownTokensOf(wild)).toEqual(ownTokensOf(tame));
        if (isScannable(wild)) expect(scannedOrRefused(wild)).toEqual(scannedOrRefused(tame));
      }),
      { numRuns: 3_000, examples: [[".5'{{x}}'", '\\', '', false]] },
    );
    expect(compared).toBeGreaterThan(300);
  });

  it('lets no value into code, however the statement around it is put together', () => {
    let refused = 0;
    let parsed = 0;
    fc.assert(
      fc.property(codeProgram, fc.boolean(), (query, c) => {
        const rendered = attemptToCompile(query, { x: 'marker', c, l: ['marker', 'marker'] });
        if (rendered === null) refused += 1;
        const code = rendered === null ? null : codeOf(rendered);
        if (code !== null) parsed += 1;
        expect(code ?? '').not.toContain('marker');
      }),
      { numRuns: 20_000 },
    );
    expect(Math.min(refused, parsed)).toBeGreaterThan(300);
  });
});

/** What PostgreSQL would run as code of the statements; null when it cannot read them. */
function codeOf(sql: string): string | null {
  try {
    const { stmts = [] } = parseSync(sql);
    const code = stmts.flatMap(({ stmt }): unknown[] => {
      if (stmt === undefined) return [];
      if ('DoStmt' in stmt) return [stmt.DoStmt.args];
      if ('CopyStmt' in stmt) return [stmt.CopyStmt.is_program === true ? stmt.CopyStmt.filename : null];
      if (!('CreateFunctionStmt' in stmt)) return [];
      return (stmt.CreateFunctionStmt.options ?? []).filter((o) => 'DefElem' in o && o.DefElem.defname === 'as');
    });
    return JSON.stringify(code);
  } catch {
    return null;
  }
}

const FRAGMENTS = [
  ...[
    'a',
    'E',
    'e',
    'U',
    'U&',
    'N',
    'B',
    'x',
    '1',
    '.5',
    '1.',
    '$',
    '$1',
    '$a',
    "'",
    "''",
    "'a'",
    "'\\'",
    '"',
    '"a"',
    "E'",
  ],
  ...[
    '-',
    '--',
    '/',
    '*',
    '/*',
    '*/',
    '@',
    '&',
    ':',
    '::',
    '=',
    '.',
    ',',
    '(',
    ')',
    '[',
    ']',
    ';',
    '$$',
    ' ',
    ' ',
    ' ',
    '\n',
  ],
  ...[' = ', ' AND ', ', ', ' , ', 'SELECT ', "'a' ", " 'b'"],
  ...['DO ', 'D', 'O', ' AS ', 'CREATE FUNCTION f() ', "'{{x}}'", ' IN (', 'ARRAY[', "&'", '&"', 'u', 'a$'],
];
const TAGS = ['{{x}}', '{{x}}', '{{x}}', '{{ident y}}', '{{list l}}', '{{#each l}}{{this}},{{/each}}'];
const { program } = fc.letrec<{ program: string; part: string; block: string }>((tie) => ({
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
    tie('program').map((body) => `{{#unless @first}}${body}{{/unless}}`),
  ),
}));

const CODE_PARTS = [
  ...['DO ', 'D', 'O ', "'a'", "'a{{x}}'", '{{x}}', '; ', ';', 'SELECT 1; ', " SELECT '{{x}}'; ", "DO 'a'; "],
  ...['CREATE ', 'OR REPLACE ', 'FUNCTION f() RETURNS int LANGUAGE sql ', 'AS ', 'A', 'S ', ' LANGUAGE plpgsql '],
  ...['COPY t TO ', 'PROGRAM ', "CREATE FUNCTION f(a text DEFAULT '{{x}}') RETURNS int LANGUAGE sql AS 'a'; ", ' '],
];
const { program: codeProgram } = fc.letrec<{ program: string; part: string }>((tie) => ({
  program: fc.array(tie('part'), { maxLength: 6 }).map((parts) => parts.join('')),
  part: fc.oneof(
    { depthSize: 'small' },
    { arbitrary: fc.constantFrom(...CODE_PARTS), weight: 5 },
    { arbitrary: tie('program').map((body) => `{{#if c}}${body}{{/if}}`), weight: 1 },
    {
      arbitrary: tie('program').map((body) => `{{#each l}}${body.replaceAll('{{x}}', '{{this}}')}{{/each}}`),
      weight: 1,
    },
  ),
}));

/** Null for a template that does not compile or render. */
function attemptToCompile(query: string, values: JsonObject): string | null {
  try {
    return attempt(query, values);
  } catch (error) {
    if (isEdenError(error, 'VALIDATION_FAILED') || isEdenError(error, 'REQUIRED_PARAMETER_MISSING')) return null;
    throw error;
  }
}

/** Null when the scanner refuses the text. */
function scannedOrRefused(sql: string): string[] | null {
  try {
    return scannedTokensOf(sql);
  } catch {
    return null;
  }
}
