import { beforeAll, describe, expect, it } from '@jest/globals';
import type { JsonObject, JsonValue } from '@eden/domain';
import { isEdenError } from '@eden/domain';
import { createDatabase, testServers, withClient, type TestDatabase } from '@eden/testkit';
import fc from 'fast-check';
import { createTemplateEngine } from './index.js';

/** What PostgreSQL itself reads out of rendered statements, with standard_conforming_strings on and off. */

const engine = createTemplateEngine();
let database: TestDatabase;

beforeAll(async () => {
  database = await createDatabase(testServers().targets[0]);
});

function render(query: string, values: JsonObject): string | null {
  const definition = { endpointKind: 'Postgres', kind: 'Read', body: { query }, settings: {} } as const;
  try {
    return engine.compile(definition).bind(values).operations[0]?.render().text ?? null;
  } catch (error) {
    if (isEdenError(error, 'TEMPLATE_NOT_RENDERED')) return null;
    throw error;
  }
}

const HOSTILE = [
  "'",
  "''",
  '"',
  '\\',
  "\\'",
  '--',
  '/*',
  '$$',
  ';',
  '\n',
  '\r',
  '\0',
  "' OR 1=1 --",
  'é',
  '𝒳',
  '\uD800',
  '{{x}}',
];
const text = fc
  .array(fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'binary', maxLength: 5 })), { maxLength: 6 })
  .map((parts) => parts.join(''));

describe.each(['on', 'off'])('with standard_conforming_strings %s, PostgreSQL', (setting) => {
  type Ask = (sql: string) => Promise<Record<string, unknown> | undefined>;

  async function session(work: (ask: Ask) => Promise<void>): Promise<void> {
    await withClient(database.url, async (client) => {
      await client.query(`SET standard_conforming_strings = ${setting}`);
      await client.query('SET escape_string_warning = off');
      await work(async (sql) => (await client.query<Record<string, unknown>>(sql)).rows[0]);
    });
  }

  async function holds<T>(arbitrary: fc.Arbitrary<T>, check: (ask: Ask, x: T) => Promise<void>): Promise<void> {
    await session((ask) =>
      fc.assert(
        fc.asyncProperty(arbitrary, (x) => check(ask, x)),
        { numRuns: 200 },
      ),
    );
  }

  it('reads a text back as it was', async () => {
    await holds(text, async (ask, x) => {
      const sql = render("SELECT {{x}}::text AS plain, '{{x}}' AS quoted, 'a\\\\b''{{x}}\\' AS longer, 1 AS one", {
        x,
      });
      fc.pre(sql !== null);
      expect(await ask(sql)).toEqual({ plain: x, quoted: x, longer: `a\\\\b'${x}\\`, one: 1 });
    });
  });

  it('reads numbers and booleans back as they were', async () => {
    const number = fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.maxSafeInteger());
    await holds(fc.tuple(number, fc.boolean()), async (ask, [x, b]) => {
      const sql = render('SELECT {{x}}::float8 AS cast, 0-{{x}}::float8 AS minus, {{b}} AS b', { x, b });
      const row = await ask(sql ?? '');
      expect([row?.['cast'], row?.['minus'], row?.['b']]).toEqual([x + 0, 0 - x, b]);
    });
  });

  it('reads JSON back as it was', async () => {
    const json = fc.dictionary(text, fc.oneof(text, fc.integer(), fc.array(text))) as fc.Arbitrary<JsonObject>;
    await holds(json, async (ask, x) => {
      const sql = render("SELECT {{x}}::json AS value, '{{x}}'::json AS text", { x });
      fc.pre(sql !== null && !/\\ud[89a-f]/i.test(sql));
      expect(await ask(sql)).toEqual({ value: x, text: x });
    });
  });

  it('reads a list back as it was', async () => {
    await holds(fc.array(text, { minLength: 1 }), async (ask, x) => {
      const sql = render('SELECT ARRAY[{{x}}] AS list', { x });
      fc.pre(sql !== null);
      expect(await ask(sql)).toEqual({ list: x });
    });
  });

  it('finds no row in an empty list', async () => {
    await session(async (ask) => {
      expect(
        await ask(render('SELECT count(*)::int AS n FROM pg_class WHERE oid IN ({{x}})', { x: [] }) ?? ''),
      ).toEqual({
        n: 0,
      });
    });
  });

  it('takes any name for a name', async () => {
    const name = text.map((x) => x.replaceAll('.', ''));
    await holds(name, async (ask, x) => {
      const sql = render('SELECT 1 AS {{ident x}}, 2 AS "{{x}}", \'{{ident x}}\' AS "text"', { x });
      fc.pre(sql !== null && x !== 'text');
      const row = await ask(sql);
      expect(row?.[x]).toBe(2);
    });
  });

  it('makes one literal of what goes on behind a comment, as the lexer says', async () => {
    await session(async (ask) => {
      expect(await ask("SELECT 'a' -- c\n 'b' AS x")).toEqual({ x: 'ab' });
      expect(await ask("SELECT E'a'\n'\\'b' AS x")).toEqual({ x: "a'b" });
    });
  });

  it('reads a rendered list of values whatever types they have', async () => {
    const values: JsonValue[] = [null, true, -1, 2.5, "o'brien", '\\', { a: "'" }];
    await session(async (ask) => {
      const sql = render('SELECT {{#each x}}{{#unless @first}}, {{/unless}}{{this}}::text AS "c{{@index}}"{{/each}}', {
        x: values,
      });
      expect(await ask(sql ?? '')).toEqual({
        c0: null,
        c1: 'true',
        c2: '-1',
        c3: '2.5',
        c4: "o'brien",
        c5: '\\',
        c6: '{"a":"\'"}',
      });
    });
  });
});
