import { describe, expect, it } from '@jest/globals';
import type { CompiledTemplate, EdenError, JsonObject } from '@eden/domain';
import { createTemplateEngine } from './index.js';

/** Where in a statement a tag may stand, by what runs as code and what is a list there. */

const engine = createTemplateEngine();

function compile(query: string): CompiledTemplate {
  return engine.compile({ endpointKind: 'Postgres', kind: 'Write', body: { query }, settings: {} });
}

function render(query: string, values: JsonObject = {}): string | undefined {
  return compile(query).bind(values).operations[0]?.render().text;
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

describe('a tag where a literal is run as code', () => {
  it.each([
    ["DO 'BEGIN PERFORM {{x}}; END'", 19],
    ["do language plpgsql '{{x}}'", 22],
    ['DO {{x}}', 4],
    ["SELECT 1; DO '{{x}}'", 15],
    ["/* a */ DO '{{#if y}}{{x}}{{/if}}'", 22],
    ["{{#if y}}DO{{/if}} '{{x}}'", 21],
    ["{{#if y}}D{{/if}}O '{{x}}'", 21],
    ["{{#if y}}SELECT 1;{{/if}} DO '{{x}}'", 31],
    ["SELECT 1 {{#each y}}; DO '{{x}}' {{/each}}", 27],
    ["SELECT 1 {{#each y}} DO '{{../x}}'; {{/each}}", 26],
    ["CREATE FUNCTION f() RETURNS text LANGUAGE sql AS 'SELECT ''{{x}}'''", 60],
    ["create or replace procedure p() language sql as '{{x}}'", 50],
    ["CREATE {{#if y}}OR REPLACE{{/if}} FUNCTION {{ident f}}() RETURNS int AS '{{x}}' LANGUAGE sql", 74],
    ['CREATE FUNCTION f() RETURNS int AS {{x}} LANGUAGE sql', 36],
    ["CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$; DO '{{x}}'", 69],
    ["COPY t TO PROGRAM 'cat > {{x}}'", 26],
  ])('is refused: %s', (query, column) => {
    const message = `line 1, column ${column}: a value cannot stand in code (DO, AS of a function or procedure, PROGRAM of COPY)`;
    expect(refusal(query)).toEqual([
      { path: 'template.template.query', message: expect.stringContaining(`${message}; braces`) },
    ]);
  });

  it.each<[string, string]>([
    ["INSERT INTO t VALUES ({{x}}) ON CONFLICT (a) DO UPDATE SET a = 'v{{x}}'", "DO UPDATE SET a = 'vv'"],
    ["CREATE TABLE t AS SELECT '{{x}}' AS a", "AS SELECT 'v' AS a"],
    ["CREATE VIEW v AS SELECT '{{x}}'", "AS SELECT 'v'"],
    ["CREATE FUNCTION f(a text DEFAULT '{{x}}') RETURNS int LANGUAGE sql AS 'SELECT 1'", "DEFAULT 'v')"],
    ["CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1' SET search_path = '{{x}}'", "search_path = 'v'"],
    ["CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$SELECT 1$$; SELECT '{{x}}'", "; SELECT 'v'"],
    ["DO 'BEGIN END'; SELECT '{{x}}'", "; SELECT 'v'"],
    ['CREATE TABLE "do" (a text DEFAULT \'{{x}}\')', "DEFAULT 'v'"],
    ["COPY t FROM '{{x}}'", "FROM 'v'"],
    ["{{#each y}}SELECT '{{../x}}'; {{/each}}", "SELECT 'v'; SELECT 'v'; "],
    ["SELECT * FROM customer{{#if y}}s{{/if}} WHERE a = '{{x}}'", "customers WHERE a = 'v'"],
  ])('is none in %s', (query, expected) => {
    expect(render(query, { x: 'v', y: [1, 2] })).toContain(expected);
  });
});

describe('a loop', () => {
  it.each([
    "{{#each x}}O '{{this}}'; D{{/each}}",
    "{{#each x}}'{{this}}'; DO {{/each}}",
    "CREATE {{#each x}}FUNCTION f() AS {{/each}} '{{y}}'",
  ])('whose turns could make code of a literal is refused: %s', (query) => {
    expect(JSON.stringify(refusal(query))).toContain(
      'a turn of this loop ends within the first words of a statement, or within code',
    );
  });
});

describe('an array', () => {
  it.each<[string, string]>([
    ['a IN ({{x}})', 'a IN (1, 2)'],
    ['a NOT IN ({{x}}) AND b = 1', 'a NOT IN (1, 2) AND b = 1'],
    ['a in (0, {{x}}, 3)', 'a in (0, 1, 2, 3)'],
    ['a IN ( /* ids */ {{x}} )', 'a IN ( /* ids */ 1, 2 )'],
    ['a IN ({{#if y}}{{x}}{{else}}0{{/if}})', 'a IN (1, 2)'],
    ['a IN ({{#if y}}0, {{/if}}{{x}})', 'a IN (0, 1, 2)'],
    ['a IN (f(0), {{x}})', 'a IN (f(0), 1, 2)'],
    ['ARRAY[{{x}}]::int[]', 'ARRAY[1, 2]::int[]'],
    ['ARRAY[[{{x}}], [3, {{x}}]]', 'ARRAY[[1, 2], [3, 1, 2]]'],
    ['VALUES ({{list x}})', 'VALUES (1, 2)'],
    ['f({{list x}})', 'f(1, 2)'],
    ["'{{x}}'", "'[1,2]'"],
  ])('is a list in %s', (query, expected) => {
    expect(render(query, { x: [1, 2], y: true })).toBe(expected);
  });

  it.each([
    'SELECT {{x}}',
    'VALUES ({{x}})',
    'f({{x}})',
    'a = ANY({{x}})',
    'a IN {{x}}',
    'a IN (f({{x}}))',
    'a IN (SELECT b FROM t WHERE c = {{x}})',
    'a IN (SELECT b, {{x}} FROM t)',
    'a IN (VALUES {{x}})',
    'a IN (1 + {{x}})',
    'a IN ({{x}} + 1)',
    'a IN ({{x}}::int)',
    'a IN ({{x}} {{#if y}}::int{{/if}})',
    'a[{{x}}]',
    '{{#if y}}a IN ({{else}}f({{/if}}{{x}})',
    'a {{#if y}}IN{{/if}} ({{x}})',
    'a IN (1), {{x}}',
    'a IN ({{#each x}}), {{../x}} + ({{/each}}1)',
    'a IN ({{#each x}}{{#if @last}}{{../x}}{{else}}1 + {{/if}}{{/each}})',
    'a IN ({{#each y}}) + f({{/each}}{{x}})',
  ])('is refused with 422 in %s', (query) => {
    const { code, context } = errorOf(() => compile(query).bind({ x: [1, 2], y: [1] }));
    expect(code).toBe('TEMPLATE_NOT_RENDERED');
    expect(context['details']).toMatch(
      /an array stands alone in IN \(…\) or ARRAY\[…\]; elsewhere write \{\{list x\}\}$/,
    );
  });

  it('of arrays is no list of values', () => {
    const { context } = errorOf(() => compile('a IN ({{x}})').bind({ x: [1, [2]] }));
    expect(context['details']).toContain('a list of values cannot hold an array');
  });
});
