import { describe, expect, it } from '@jest/globals';
import type { CompiledTemplate, EdenError, JsonObject, SqlOperation, Statement, TemplateSettings } from '@eden/domain';
import { createTemplateEngine } from './index.js';

const engine = createTemplateEngine();
const BRACES =
  '; braces that are meant as such are written \\{{, or the whole text is taken as it is by "syntax":"sql"';

function compile(query: string, settings: TemplateSettings = {}, more: Partial<SqlOperation> = {}): CompiledTemplate {
  return engine.compile({ endpointKind: 'Postgres', kind: 'Write', body: { query, ...more }, settings });
}

function statement(query: string, values: JsonObject = {}, more: Partial<SqlOperation> = {}): Statement | undefined {
  return compile(query, {}, more).bind(values).operations[0]?.render();
}

function render(query: string, values: JsonObject = {}): string | undefined {
  return statement(query, values)?.text;
}

function errorOf(action: () => unknown): Pick<EdenError, 'code' | 'context'> {
  try {
    action();
  } catch (error) {
    const { code, context } = error as EdenError;
    return { code, context };
  }
  throw new Error('Nothing was thrown');
}

function refusal(query: string): unknown {
  return errorOf(() => compile(query)).context['issues'];
}

describe('a value', () => {
  it.each<[string, JsonObject, string]>([
    ['SELECT {{x}}', { x: "o'brien" }, "SELECT 'o''brien'"],
    ['SELECT {{x}}', { x: "\\'" }, "SELECT E'\\\\'''"],
    ['SELECT {{x}}, {{y}}, {{z}}', { x: 1.5, y: true, z: null }, 'SELECT 1.5, TRUE, NULL'],
    ['SELECT {{x}}', { x: { a: "it's" } }, `SELECT '{"a":"it''s"}'`],
    ['a IN ({{x}})', { x: [1, 'b', null] }, "a IN (1, 'b', NULL)"],
    ['a IN ({{x}})', { x: [] }, 'a IN (NULL)'],
    ['SELECT 3-{{x}}', { x: -5 }, 'SELECT 3- -5'],
    ['SELECT {{x}}::text', { x: -5 }, 'SELECT (-5)::text'],
    ['SELECT {{x}} {{#if y}}::text{{/if}}', { x: -5, y: 1 }, 'SELECT (-5) ::text'],
    ['INCREMENT BY {{x}}', { x: -5 }, 'INCREMENT BY -5'],
    ["LIKE '%{{x}}%'", { x: "'" }, "LIKE '%''%'"],
    ["SELECT '{{x}}'", { x: { a: 1 } }, `SELECT '{"a":1}'`],
    ["SELECT date'{{x}}'", { x: '\\' }, "SELECT date E'\\\\'"],
    ['SELECT "c_{{x}}"', { x: 'a"b' }, 'SELECT "c_a""b"'],
    ["SELECT 'a\\b'", {}, "SELECT E'a\\\\b'"],
    ["SELECT '{{#if x}}a{{else}}b{{/if}}'", { x: false }, "SELECT 'b'"],
    ["SELECT '\\{{x}}'", {}, "SELECT '{{x}}'"],
  ])('in %s given %j becomes %s', (query, values, expected) => {
    expect(render(query, values)).toBe(expected);
  });

  it.each<[string, JsonObject, string]>([
    ['SELECT {{x}}', { x: 'a\0' }, 'line 1, column 8: text cannot hold U+0000 or half a surrogate pair'],
    ['SELECT {{x}}', { x: { a: ['\0'] } }, 'line 1, column 8: text cannot hold the character U+0000'],
    ['SELECT {{x}}', { x: '\uD800' }, 'line 1, column 8: text cannot hold U+0000 or half a surrogate pair'],
    ['SELECT\n {{x}}', { x: Number.NaN }, 'line 2, column 2: a number must be finite'],
    ["SELECT '{{x}}'", { x: null }, 'line 1, column 9: null cannot stand inside text'],
    ['SELECT "{{x}}"', { x: '' }, 'line 1, column 9: an identifier cannot be empty'],
    ['SELECT a {{x}}', { x: -1 }, 'line 1, column 10: a negative number behind a name would be a subtraction'],
    [
      'SELECT {{#each x}}{{this}}{{/each}}',
      { x: [1, 2] },
      'line 1, column 19: a value follows another one with nothing between',
    ],
  ])('in %j given %j is refused', (query, values, details) => {
    const error = errorOf(() => compile(query).bind(values));
    expect(error).toEqual({
      code: 'TEMPLATE_NOT_RENDERED',
      context: { details: `template.template.query: ${details}` },
    });
  });

  it('may be nested too deep for JSON, which is an error of the value', () => {
    const x = JSON.parse(`${'['.repeat(9_000)}{}${']'.repeat(9_000)}`) as JsonObject;
    const error = errorOf(() => compile('SELECT {{x}}').bind({ x: { a: x } }));
    expect(error).toMatchObject({ code: 'TEMPLATE_NOT_RENDERED' });
  });

  it('never comes from a prototype', () => {
    for (const name of ['constructor', '__proto__', 'toString', 'x.constructor', 'x.__proto__', 'x.length']) {
      const error = errorOf(() => compile(`SELECT {{${name}}}`).bind({ x: 'text' }));
      expect(error).toEqual({ code: 'REQUIRED_PARAMETER_MISSING', context: { parameter: name } });
    }
  });
});

describe('a tag', () => {
  it.each([
    ['SELECT abc{{x}}', 'line 1, column 11: this tag is glued to the text before it; put a space between'],
    ['SELECT 1{{x}}', 'line 1, column 9: this tag is glued to the text before it; put a space between'],
    ['SELECT ${{x}}', 'line 1, column 9: this tag is glued to the text before it; put a space between'],
    ['SELECT E{{x}}', 'line 1, column 9: this tag is glued to the text before it; put a space between'],
    ['SELECT U&{{x}}', 'line 1, column 10: this tag is glued to the text before it; put a space between'],
    ['SELECT t.{{x}}', 'line 1, column 10: this tag is glued to the text before it; put a space between'],
    ["SELECT 'a'{{x}}", 'line 1, column 11: this tag is glued to the text before it; put a space between'],
    ['SELECT "a"{{ident x}}', 'line 1, column 11: this tag is glued to the text before it; put a space between'],
    ['SELECT {{x}}abc', 'line 1, column 13: this text is glued to the tag before it'],
    ['SELECT {{x}}.5', 'line 1, column 13: this text is glued to the tag before it'],
    ['SELECT {{ident x}}"a"', 'line 1, column 19: this text is glued to the tag before it'],
    [
      "SELECT {{x}}\n'a'",
      'line 1, column 13: a literal cannot follow another value; write it as one, or put || between',
    ],
    ["SELECT 'a'\n{{x}}", 'line 2, column 1: a value cannot follow another value or the end of an expression'],
    ['SELECT {{x}}{{y}}', 'line 1, column 13: this tag is glued to the tag before it; put a space between'],
    ['SELECT {{x}} {{y}}', 'line 1, column 14: a value cannot follow another value or the end of an expression'],
    ["SELECT E'{{x}}'", "line 1, column 10: a tag cannot stand inside an E'…' literal" + BRACES],
    ["SELECT U&'{{x}}'", "line 1, column 11: a tag cannot stand inside a U&'…' literal" + BRACES],
    ["SELECT N'{{x}}'", "line 1, column 10: a tag cannot stand inside an N'…' literal" + BRACES],
    ["SELECT X'{{x}}'", 'line 1, column 10: a tag cannot stand inside a bit string' + BRACES],
    ['SELECT U&"{{x}}"', 'line 1, column 11: a tag cannot stand inside a U&"…" identifier' + BRACES],
    ['SELECT $${{x}}$$', 'line 1, column 10: a tag cannot stand inside a $$…$$ literal' + BRACES],
    ['DO $a$ $$ {{#if x}} {{/if}} $a$', 'line 1, column 11: a tag cannot stand inside a $$…$$ literal' + BRACES],
    ['SELECT 1 -- {{x}}', 'line 1, column 13: a tag cannot stand inside a comment' + BRACES],
    ['SELECT /* /* */ {{x}} */ 1', 'line 1, column 17: a tag cannot stand inside a comment' + BRACES],
    [
      "SELECT {{#if x}}'a{{/if}}",
      'line 1, column 8: every way through this block must end where it began: outside of literals and comments',
    ],
    [
      "SELECT '{{#each x}}'{{/each}}",
      "line 1, column 9: every way through this block must end where it began: a '…' literal",
    ],
    ["SELECT\n 'a", "line 2, column 2: a '…' literal begins here and never ends"],
    ['SELECT /* a', 'line 1, column 8: a comment begins here and never ends'],
    [
      "SELECT 'a'\n'{{x}}'",
      'line 1, column 8: a literal that goes on over several lines can hold neither tags nor backslashes; write it as one',
    ],
    ["SELECT '{{raw x}}'", 'line 1, column 9: raw stands for SQL text and cannot stand inside a literal'],
    ['SELECT "{{ident x}}"', 'line 1, column 9: ident quotes by itself; leave out the quotes around it'],
    ['SELECT -{{raw x}}', 'line 1, column 9: this tag is glued to the text before it; put a space between'],
    [
      'SELECT {{#if x}}U{{/if}}&{{x}}',
      'line 1, column 26: this tag is glued to the text before it; put a space between',
    ],
    [
      'SELECT -{{#if x}}-{{/if}} 1',
      'line 1, column 18: this text would melt into one token with text before a tag; put a space between',
    ],
    [
      "SELECT {{#if x}}E{{/if}}'a'",
      'line 1, column 25: this text would melt into one token with text before a tag; put a space between',
    ],
    ['  \n ', 'line 1, column 1: the text holds no statement'],
    ['SELECT {{#if x}}${{/if}}a$, {{x}}, $a$', 'line 1, column 17: the character "$" begins nothing in SQL'],
    ['SELECT 1 \\ {{x}}', 'line 1, column 10: the character "\\" begins nothing in SQL'],
    [
      "SELECT {{#if x}}U{{/if}}&'{{x}}'",
      'line 1, column 25: this text would melt into one token with text before a tag; put a space between',
    ],
    [
      `SELECT {{#if x}}u{{/if}}&"a"`,
      'line 1, column 25: this text would melt into one token with text before a tag; put a space between',
    ],
  ])('is refused in %j: %s', (query, message) => {
    expect(refusal(query)).toEqual([{ path: 'template.template.query', message }]);
  });

  it.each([
    ['SELECT 1,\n  {{{x}}}', 'line 2, column 3: unescaped tags are not supported; for SQL text write {{raw x}}'],
    ['SELECT {{&x}}', 'line 1, column 8: unescaped tags are not supported; for SQL text write {{raw x}}'],
    ['{{> x}}', 'line 1, column 1: partials are not supported'],
    ['{{* x}}', 'line 1, column 1: decorators are not supported'],
    ['a {{{{raw}}}} {{{{/raw}}}}', 'line 1, column 3: raw blocks are not supported' + BRACES],
    ['SELECT {{foo x}}', 'line 1, column 8: unknown helper "foo"'],
    ['SELECT {{ident (ident x)}}', 'line 1, column 16: "ident" cannot be called inside parentheses'],
    ['SELECT {{ident}}', 'line 1, column 8: ident takes one value'],
    ['SELECT {{ident x y=1}}', 'line 1, column 8: ident takes one value'],
    ['SELECT {{strip "a"}}', 'line 1, column 8: strip takes 2 values'],
    ['SELECT {{"x"}}', 'line 1, column 8: a tag names a parameter' + BRACES],
    ['{{#with x}}{{/with}}', 'line 1, column 1: unknown block "with"; there are #if, #unless and #each'],
    ['a {{#each x as |y|}}{{/each}}', 'line 1, column 3: block parameters (as |x|) are not supported'],
    ['SELECT {{../x}}', 'line 1, column 10: ../ leads out of the template'],
    ['SELECT {{this}}', 'line 1, column 10: this stands only inside #each'],
    ['SELECT {{@index}}', 'line 1, column 10: @index stands only inside #each'],
    ['SELECT {{@foo}}', 'line 1, column 10: @foo does not exist'],
    ['SELECT {{batch.after}}', 'line 1, column 10: batch.after exists only in an operation with a batch'],
    ['SELECT {{#if x}}', 'line 1, column 17: the text ends inside a tag or block' + BRACES],
    ['SELECT\n {{#if x}} {{/each}}', "line 2, column 5: if doesn't match each" + BRACES],
    ["SELECT {{don't}}", 'line 1, column 10: unexpected "d" in a Handlebars tag' + BRACES],
    ['SELECT {{a[0]b}} {{#if x}}', 'line 1, column 27: the text ends inside a tag or block' + BRACES],
    ['SELECT \0', 'line 1, column 8: the character U+0000 is not allowed in a template'],
    [`${'{{#if x}}'.repeat(101)}a${'{{/if}}'.repeat(101)}`, 'line 1, column 901: tags nest deeper than 100 levels'],
    [`{{#if x}}${'{{else if x}}'.repeat(101)}{{/if}}`, 'line 1, column 1297: tags nest deeper than 100 levels'],
    [`{{ident ${'(list '.repeat(101)}x${')'.repeat(101)}}}`, 'line 1, column 609: tags nest deeper than 100 levels'],
  ])('that Handlebars has but we do not, or that is none, is refused: %j', (query, message) => {
    expect(refusal(query)).toEqual([{ path: 'template.template.query', message }]);
  });

  it.each([
    ["SELECT '{{1,2},{3,4}}'::int[]", "SELECT '\\{{1,2},{3,4}}'::int[]"],
    ['DO $$ BEGIN PERFORM {{x}}; END $$', 'DO $$ BEGIN PERFORM \\{{x}}; END $$'],
    ['SELECT 1 -- {{name}}', 'SELECT 1 -- \\{{name}}'],
  ])('that is meant literally in %j is explained, and both ways out lead there', (query, escaped) => {
    expect(refusal(query)).toEqual([{ path: expect.anything(), message: expect.stringContaining(BRACES) }]);
    expect(render(escaped)).toBe(query);
    expect(statement(query, {}, { syntax: 'sql' })).toEqual({ text: query, params: [], syntax: 'sql' });
  });

  it('is found wrong in every text of a template at once', () => {
    const error = errorOf(() =>
      engine.compile({
        endpointKind: 'Postgres',
        kind: 'Transaction',
        body: { operations: [{ query: 'SELECT 1' }, { query: 'SELECT a{{x}}', params: [{ a: ['{{#if}}{{/if}}'] }] }] },
        settings: { rollback: { query: "SELECT '" }, batch: { size: 1 } },
      }),
    );
    expect(error.code).toBe('VALIDATION_FAILED');
    expect((error.context['issues'] as { path: string }[]).map(({ path }) => path)).toEqual([
      'template.template.operations[1].query',
      'template.template.operations[1].params[0].a[0]',
      'rollback.query',
    ]);
  });
});

describe('a value in the place of a name', () => {
  it.each([
    'ALTER TABLE {{t}} ADD COLUMN c int',
    'CREATE TABLE IF NOT EXISTS {{t}} (id int)',
    'INSERT INTO {{t}} VALUES (1)',
    'UPDATE {{t}} SET a = 1',
    'SELECT 1 FROM a JOIN {{t}} ON true',
    'ALTER TABLE a ADD COLUMN {{t}} int',
  ])('is refused with what to write: %s', (query) => {
    expect(refusal(query)).toMatchObject([{ message: expect.stringContaining('{{ident table}}') }]);
  });

  it.each([
    'ALTER TABLE {{ident t}} ADD COLUMN c int',
    'SELECT EXTRACT(day FROM {{t}})',
    'SELECT 1 FROM a WHERE EXISTS ({{t}})',
  ])('is none in %s', (query) => expect(() => compile(query)).not.toThrow());
});

describe('the turns of a loop', () => {
  it.each<[string, string]>([
    ['SELECT 1 WHERE true {{#each x}}AND a = {{this}}{{/each}}', 'SELECT 1 WHERE true AND a = 1 AND a = 2'],
    ['SELECT {{#each x}}{{#unless @first}}, {{/unless}}a={{this}}{{/each}}', 'SELECT a=1, a=2'],
    ['SELECT {{#each x}}{{this}}, B{{/each}}', 'SELECT 1, B 2, B'],
    ['SELECT 1{{#each x}}, {{this}}{{/each}}::int', 'SELECT 1, 1, 2::int'],
    ['SELECT {{#each y}}{{ident this}}{{/each}}', 'SELECT "a" "b"'],
  ])('are kept apart in %s', (query, expected) => {
    expect(render(query, { x: [1, 2], y: ['a', 'b'] })).toBe(expected);
  });

  it.each<[string, string]>([
    ["SELECT {{#each x}}'a'{{/each}}", 'a literal follows a value with nothing between'],
    ['SELECT 1 {{#each x}}-{{/each}} 1', 'the texts of two blocks would melt into one token'],
    ['SELECT {{#each x}}"a"{{/each}}', 'the texts of two blocks would melt into one token'],
    ['SELECT {{#each x}}{{this}} {{/each}}', 'a value follows another one with nothing between'],
  ])('are refused when they would melt in %s', (query, reason) => {
    const { details } = errorOf(() => compile(query).bind({ x: [1, 2] })).context;
    expect(details).toContain(reason);
  });
});

describe('the functions', () => {
  it.each<[string, JsonObject, string]>([
    ['{{ident x}}', { x: 'customers' }, '"customers"'],
    ['{{ident x}}', { x: 'my schema.a"b' }, '"my schema"."a""b"'],
    ['t.{{ident x}}.y', { x: 'a' }, 't."a".y'],
    ["'{{ident x}}'::regclass", { x: "a'b" }, `'"a''b"'::regclass`],
    ['{{idents x}}', { x: 'email_verified, phone_verified' }, '"email_verified", "phone_verified"'],
    ['{{idents x}}', { x: ['a', 's.b'] }, '"a", "s"."b"'],
    ['({{list x}})', { x: 'a, b,,' }, "('a', 'b')"],
    ['{{int x}}', { x: ' 42 ' }, '42'],
    ['{{int x}}', { x: '9007199254740993' }, '9007199254740993'],
    ['{{strip "idx_" x}}', { x: 'idx_email' }, "'email'"],
    ['{{#if (eq x "a")}}1{{else if (eq x null)}}2{{else}}3{{/if}}', { x: null }, '2'],
    ['{{lookup x y}}', { x: { a: 1 }, y: 'a' }, '1'],
    [
      '{{#each (list x)}}{{@index}} AS {{ident (strip "idx_" this)}}{{#unless @last}}, {{/unless}}{{/each}}',
      { x: 'idx_a,b' },
      '0 AS "a", 1 AS "b"',
    ],
    [
      '{{#each x}}{{ident @key}} = {{this}}{{#unless @last}}, {{/unless}}{{/each}}',
      { x: { a: 1, b: 'c' } },
      `"a" = 1, "b" = 'c'`,
    ],
    [
      '{{#each x}}{{#each this.y}}({{../../z}}, {{../id}}, {{this}}) {{/each}}{{else}}0{{/each}}',
      { x: [{ id: 1, y: [2] }], z: 3 },
      '(3, 1, 2) ',
    ],
    ['{{#each x}}{{this}}{{else}}0{{/each}}', { x: [] }, '0'],
    ['{{#unless x}}1{{^}}2{{/unless}}', { x: [] }, '1'],
    ['{{^if x}}1{{/if}} 2', {}, '1 2'],
    ['{{items[0].id}}, {{items.[1].id}}, {{@root.items[1].id}}', { items: [{ id: 1 }, { id: 2 }] }, '1, 2, 2'],
    ['{{a.b}}', { 'a.b': 1, a: { b: 2 } }, '1'],
    ['1 {{~#if x~}} , {{!-- {{y}} --}} 2 {{~/if}} {{! c }}', { x: 1 }, '1,  2 '],
  ])('in %s given %j make %s', (query, values, expected) => {
    expect(render(query, values)).toBe(expected);
  });

  it.each<[string, JsonObject, string]>([
    ['{{ident x}}', { x: '' }, 'an identifier cannot be empty'],
    ['{{ident x}}', { x: 'a.' }, 'an identifier cannot be empty'],
    ['{{ident x}}', { x: ['a'] }, 'an identifier is a text'],
    ['{{ident x}}', { x: 'é'.repeat(32) }, 'the identifier "éééééééééééééééééééé…" is longer than 63 bytes'],
    ['{{idents x}}', { x: ' , ' }, 'a list of identifiers cannot be empty'],
    ['{{int x}}', { x: '1; DROP TABLE x' }, 'int takes a whole number'],
    ['{{int x}}', { x: 1.5 }, 'int takes a whole number'],
    ['{{int x}}', { x: '99999999999999999999' }, 'int takes a number of at most 64 bits'],
    ['{{#each x}}1{{/each}}', { x: 'a,b' }, '#each takes an array or an object; text is split with (list x)'],
  ])('in %s refuse %j', (query, values, reason) => {
    expect(errorOf(() => compile(query).bind(values)).context).toEqual({
      details: `template.template.query: line 1, column 1: ${reason}`,
    });
  });

  it('say that a template holds raw SQL, wherever it stands', () => {
    expect(compile('SELECT {{x}}').usesRaw).toBe(false);
    expect(compile('SELECT {{#if x}}{{raw x}}{{else}}1{{/if}}').usesRaw).toBe(true);
    expect(compile('SELECT 1', { rollback: { query: '{{raw x}}' } }).usesRaw).toBe(true);
  });

  it('let raw SQL stand alone, so that it cannot swallow what follows', () => {
    expect(render('SELECT * FROM t WHERE {{raw x}} AND a = {{y}}', { x: 'b > 1', y: 2 })).toBe(
      'SELECT * FROM t WHERE b > 1 AND a = 2',
    );
    expect(render('{{raw x}} ; SELECT {{y}}', { x: 'SELECT 1 -- one', y: 2 })).toBe('SELECT 1 -- one\n ; SELECT 2');
    for (const x of ["SELECT 'a", 'SELECT "a', 'SELECT /* a', 'SELECT $$a', "SELECT E'\\'"]) {
      expect(errorOf(() => compile('{{raw x}} {{y}}').bind({ x, y: 1 })).code).toBe('TEMPLATE_NOT_RENDERED');
    }
  });
});

describe('the parameters of a template', () => {
  it('are required unless they have a default, only serve as a condition or stand inside the block that they guard', () => {
    const query =
      'SELECT {{a}}, {{b.c}} {{#if d}}, {{d}}{{/if}} {{#if e}}, 1{{else}}, {{f}}{{/if}} {{#if g}}, {{g.h}}{{/if}}, {{g.i}}' +
      '{{#unless j}}{{else}}, {{j}}{{/unless}} {{#if (eq k "x")}}, {{k}}{{/if}} {{#each l}}{{m}}{{../n}}{{/each}}';
    expect(
      compile(query.replace('{{m}}{{../n}}', ', {{m}}, {{../n}}'), { defaults: { b: { c: 1 } } }).parameters,
    ).toEqual([
      { name: 'a', required: true },
      { name: 'b.c', required: false },
      { name: 'd', required: false },
      { name: 'e', required: false },
      { name: 'f', required: true },
      { name: 'g', required: false },
      { name: 'g.h', required: false },
      { name: 'g.i', required: true },
      { name: 'j', required: false },
      { name: 'k', required: false },
      { name: 'l', required: true },
      { name: 'n', required: true },
    ]);
  });

  it('come from params, batch settings and the rollback too', () => {
    const settings = { batch: { size: '{{size}}' }, rollback: { query: 'SELECT {{r}}' } };
    const { parameters } = compile('SELECT $1, {{batch.after}}, {{batch.size}}', settings, {
      params: [{ a: ['{{p}}'] }],
    });
    expect(parameters.map(({ name }) => name)).toEqual(['p', 'size', 'r']);
  });

  it('take their defaults one by one, and null for a value', () => {
    const compiled = compile('SELECT {{a}}, {{b.c}}, {{b.d}}', { defaults: { a: 1, b: { c: 2, d: 3 } } });
    expect(compiled.bind({ a: null, b: { d: 4 }, unused: 5 }).operations[0]?.render().text).toBe('SELECT NULL, 2, 4');
  });

  it.each<[string, JsonObject, string]>([
    ['SELECT {{customer.id}}', { customer: {} }, 'customer.id'],
    ['SELECT {{items[1].id}}', { items: [{ id: 1 }] }, 'items[1].id'],
    ['SELECT {{#if a}}{{a.b}}{{/if}}', { a: { c: 1 } }, 'a.b'],
    ['SELECT {{#each a}}{{b}}{{/each}}', { a: [{ c: 1 }] }, 'a[0].b'],
    ['SELECT {{#each a}}{{this}}{{/each}}', {}, 'a'],
  ])('that are missing are named: %s given %j', (query, values, parameter) => {
    const error = errorOf(() => compile(query).bind(values));
    expect(error).toEqual({ code: 'REQUIRED_PARAMETER_MISSING', context: { parameter } });
  });
});

describe('bound parameters', () => {
  it('keep the JSON type of a whole placeholder and need no escaping', () => {
    const params = [
      '{{x}}',
      '%{{y}}%',
      { a: ['{{ x }}', 1, null, true], '{{z}}': '{{int y}}' },
      '{{#if y}}{{y}}{{/if}}',
      'plain',
    ];
    expect(statement('SELECT $1, $2, $3, $4, $5', { x: [1, { b: null }], y: '7' }, { params })).toEqual({
      text: 'SELECT $1, $2, $3, $4, $5',
      params: [[1, { b: null }], '%7%', { a: [[1, { b: null }], 1, null, true], '{{z}}': 7 }, '7', 'plain'],
    });
    expect(statement('SELECT $1', { x: 'it\'s \\ "' }, { params: ['a {{x}}'] })?.params).toEqual(['a it\'s \\ "']);
  });

  it.each([
    ['SELECT $1; SELECT 2', 'line 1, column 12: a query with params can hold only one statement'],
    ['{{#each x}}SELECT $1; {{/each}}', 'line 1, column 21: a query with params can hold only one statement'],
    ['SELECT $1; {{x}}', 'line 1, column 12: a query with params can hold only one statement'],
    ['SELECT $1,\n $3', 'line 2, column 2: $3 has no value: params has 2'],
  ])('are refused for %s', (query, message) => {
    const error = errorOf(() => compile(query, {}, { params: ['{{x}}', 1] }));
    expect(error.context['issues']).toEqual([{ path: 'template.template.query', message }]);
  });

  it.each(['\uD83D', 'a\0'])('hold only text that a database can hold, unlike %j', (x) => {
    const reason = 'text cannot hold U+0000 or half a surrogate pair';
    for (const value of [x, [x], { a: { b: x } }, { [x]: 1 }]) {
      const { code, context } = errorOf(() => compile('SELECT $1', {}, { params: [['{{x}}']] }).bind({ x: value }));
      expect(code).toBe('TEMPLATE_NOT_RENDERED');
      expect(context['details']).toBe(`template.template.params[0][0]: line 1, column 1: ${reason}`);
      const given = errorOf(() => compile('SELECT $1', {}, { params: [value] }));
      expect(given.code).toBe('VALIDATION_FAILED');
      expect(JSON.stringify(given.context['issues'])).toContain(reason);
    }
    expect(errorOf(() => compile('SELECT {{x}}').bind({ x: { a: [x], [x]: 1 } })).code).toBe('TEMPLATE_NOT_RENDERED');
  });

  it('cannot hold SQL', () => {
    const error = errorOf(() => compile('SELECT $1', {}, { params: ['a {{ident x}}'] }));
    expect(error.context['issues']).toEqual([
      { path: 'template.template.params[0]', message: 'line 1, column 3: ident stands only in SQL text' },
    ]);
  });
});

describe('a batch', () => {
  const query = 'SELECT id FROM t WHERE id > {{batch.after}} ORDER BY id LIMIT {{batch.size}}';

  it.each<[string | number, JsonObject, number]>([
    [10, {}, 10],
    ['20', {}, 20],
    ['{{size}}', { size: '1000' }, 1000],
    ['{{size}}', { size: 5 }, 5],
    ['1{{size}}', { size: 5 }, 15],
    ['{{other}}', {}, 7],
  ])('of size %j given %j has the size %d', (size, values, expected) => {
    const [operation] = compile(query, { batch: { size }, defaults: { other: 7 } }).bind(values).operations;
    expect(operation?.batch).toEqual({ size: expected, start: 0, commit: 'together' });
    expect(operation?.render().text).toBe(`SELECT id FROM t WHERE id > 0 ORDER BY id LIMIT ${expected}`);
    expect(operation?.render('12').text).toBe(`SELECT id FROM t WHERE id > '12' ORDER BY id LIMIT ${expected}`);
  });

  it('starts at a number, at numeric text or at a key of another kind', () => {
    const start = (value: string): unknown =>
      compile(query, { batch: { size: 1, start: '{{s}}', commit: 'each' } }).bind({ s: value }).operations[0]?.batch;
    expect(start('-5')).toEqual({ size: 1, start: -5, commit: 'each' });
    expect(start('9007199254740993')).toMatchObject({ start: '9007199254740993' });
    expect(start('00000000-0000-0000-0000-000000000000')).toMatchObject({
      start: '00000000-0000-0000-0000-000000000000',
    });
  });

  it.each([0, -1, 1.5, '', 'x', null, '1e3', [1]])('cannot have the size %j', (size) => {
    const error = errorOf(() => compile(query, { batch: { size: '{{size}}' } }).bind({ size }));
    expect(error.context).toEqual({
      details: 'batch.size: line 1, column 1: the size of a batch is a whole number above 0',
    });
  });

  it('stands on its operation in a transaction, where the others know nothing of it', () => {
    const body = { operations: [{ query, batch: { size: 2 } }, { query: 'SELECT 1' }] };
    const { operations } = engine
      .compile({ endpointKind: 'Postgres', kind: 'Transaction', body, settings: {} })
      .bind({});
    expect(operations.map(({ batch }) => batch?.size)).toEqual([2, undefined]);
    expect(errorOf(() => compile('SELECT {{batch.size}}', { batch: { size: '{{batch.size}}' } })).code).toBe(
      'VALIDATION_FAILED',
    );
  });
});
