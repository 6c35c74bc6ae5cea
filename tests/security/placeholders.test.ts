import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createEndpoint, createTemplate, executeTemplate } from '@eden/coordinator';
import type { JsonValue } from '@eden/domain';
import { isEdenError } from '@eden/domain';
import { createWorld, type World } from '../executions/world.js';
import { isLongForm, report } from './report.js';

/*
 * The well-known classes of SQL injection at every place where a placeholder may stand, against a real server: a value
 * comes back as it went in, or is refused with a 4xx, and the table that every payload is after is there afterwards.
 */

/** One or more of each class; each goes for the table `prey`, the session, or the server's time. */
const PAYLOADS: Readonly<Record<string, readonly string[]>> = {
  tautology: ["' OR '1'='1", "' OR 1=1 --", '" OR ""="', "') OR ('a'='a", '1 OR 1=1', "x' OR prey.id IS NOT NULL --"],
  stacked: [
    "'; DROP TABLE prey; --",
    '"; DROP TABLE prey; --',
    '1; DELETE FROM prey',
    "');TRUNCATE prey;--",
    ';COMMIT;DROP TABLE prey',
  ],
  union: [
    "' UNION SELECT secret FROM prey --",
    '1 UNION ALL SELECT secret FROM prey',
    "x') UNION SELECT secret FROM prey --",
  ],
  comment: ["'/*", '*/ DROP TABLE prey /*', '--', "'--", "/**/OR/**/'1'='1", '#', '-- -\n DROP TABLE prey'],
  time: ["' || pg_sleep(20) --", '1; SELECT pg_sleep(20)', "'||(SELECT pg_sleep(20))||'", '(SELECT pg_sleep(20))'],
  error: [
    "' AND 1=CAST((SELECT secret FROM prey LIMIT 1) AS int) --",
    "'||(SELECT 1/0)||'",
    "' AND extractvalue(1,'x') --",
  ],
  quoting: [
    "\\'; DROP TABLE prey; --",
    "\\\\'; DROP TABLE prey; --",
    "''''; DROP TABLE prey; --",
    "E'\\''",
    "U&'\\0027'",
    '\u02bc; DROP TABLE prey',
    '\u2019 OR 1=1',
    '%27 OR 1=1',
    '&#39; OR 1=1',
  ],
  dollar: ['$$; DROP TABLE prey; $$', '$tag$', "$$'||(SELECT secret FROM prey)||'$$", '$1', '$1; DROP TABLE prey'],
  functions: [
    "'||pg_read_file('/etc/passwd')||'",
    "'||lo_import('/etc/passwd')||'",
    "'||current_setting('is_superuser')||'",
    "'; COPY prey TO PROGRAM 'id'; --",
  ],
  session: [
    "'; SET ROLE postgres; --",
    "'||set_config('search_path','',false)||'",
    "'; ROLLBACK; --",
    "'; PREPARE TRANSACTION 'x'; --",
  ],
  names: [
    'prey"; DROP TABLE prey; --',
    'public.prey',
    'prey" UNION SELECT secret FROM "prey',
    'pg_catalog.pg_user',
    'a"."b',
    'x"y',
  ],
  templates: [
    '{{raw "DROP TABLE prey"}}',
    '{{x}}',
    '{{#each x}}',
    '}}; DROP TABLE prey',
    '{{{x}}}',
    '${x}',
    '<%= x %>',
  ],
  bytes: ['\u0000', "a\u0000'; DROP TABLE prey", '\ufeff', '\u2028', '\r\n', '\ud800', '\u202e', '𝒳', '%00', '\\x00'],
  long: ["'".repeat(2_000), '\\'.repeat(2_001), `${'('.repeat(1_000)}1${')'.repeat(1_000)}`, 'x'.repeat(100_000)],
  numbers: ['1e309', '-1', '0x1F', 'NaN', '1_000', '- -1', '1--1'],
};

interface Placement {
  readonly text: string;
  /** What comes back for a value that was taken; by default the value itself. */
  readonly answers?: (value: string) => readonly JsonValue[];
  /** The value as a request brings it. */
  readonly given?: (value: string) => JsonValue;
}

/** The server cuts names to 63 bytes, at a character. */
const PLACEMENTS: Readonly<Record<string, Placement>> = {
  'a value': { text: 'SELECT {{x}}::text AS v' },
  'a value that is compared': { text: 'SELECT {{x}}::text AS v WHERE {{x}} = {{x}}' },
  'an argument of a function': { text: "SELECT coalesce({{x}}, 'none') AS v" },
  'inside a literal': { text: `SELECT '<{{x}}>' AS v`, answers: (value) => [`<${value}>`] },
  'beside a quote in a literal': { text: `SELECT '''{{x}}''' AS v`, answers: (value) => [`'${value}'`] },
  'a pattern of LIKE': { text: `SELECT {{x}}::text AS v WHERE 'prey' NOT LIKE {{x}} OR true` },
  'a list': {
    text: 'SELECT v FROM unnest(ARRAY[{{list x}}]::text[]) AS v',
    given: (value) => [value, 'end'],
    answers: (value) => [value, 'end'],
  },
  'members of IN': {
    text: `SELECT {{first}}::text AS v WHERE {{first}} IN ({{x}})`,
    given: (value) => [value, 'end'],
    answers: (value) => [value],
  },
  'a branch': { text: `SELECT {{#if x}}{{x}}{{else}}''{{/if}}::text AS v` },
  'inside a quoted name': { text: 'SELECT v."{{x}}" AS v FROM (SELECT 1 AS "{{x}}") AS v', answers: () => [1] },
  'a name': { text: 'SELECT v AS v FROM (SELECT 1 AS v) AS {{ident x}}', answers: () => [1] },
  names: {
    text: 'SELECT 1 AS v FROM (SELECT 1, 2) AS t({{idents x}})',
    given: (value) => [value, 'other'],
    answers: () => [1],
  },
  'a number': { text: 'SELECT {{int x}} AS v', answers: (value) => [Number(value)] },
  'behind a cast': { text: `SELECT CAST({{x}} AS text) AS v` },
};

/** Of each class. */
const SHORT_FORM = 2;

let world: World;

beforeAll(async () => {
  world = await createWorld();
  const config = { url: world.databases[0].url, pool_size: 2 };
  await createEndpoint(world.deps, world.admin, { id: 'prey', kind: 'Postgres', description: null, config });
  await world.query(0, `CREATE TABLE prey AS SELECT 1 AS id, 'not to be read' AS secret`);
});

afterAll(() => world.close());

/** The rows' values, or the code of the refusal. */
async function execute(id: string, placement: Placement, value: string): Promise<readonly unknown[] | string> {
  const { given = (same: string): JsonValue => same } = placement;
  try {
    const { rows } = await executeTemplate(world.deps, world.admin, id, { x: given(value), first: value });
    return rows.map((row) => (row as { v: unknown }).v);
  } catch (error) {
    if (isEdenError(error)) return error.code;
    throw error;
  }
}

/** What may be said instead of an answer: that the value has no place there, or that the server does not take it. */
const REFUSALS = new Set(['TEMPLATE_NOT_RENDERED', 'TEMPLATE_EXECUTION_FAILED', 'VALIDATION_FAILED']);

function mayAnswer(
  { answers = (same) => [same] }: Placement,
  value: string,
  got: readonly unknown[] | string,
): boolean {
  if (typeof got === 'string') return REFUSALS.has(got);
  return JSON.stringify(got) === JSON.stringify(answers(value));
}

describe('a payload', () => {
  it.each(Object.entries(PLACEMENTS))('is only a value as %s', async (place, placement) => {
    const id = `t-${place.replaceAll(' ', '-')}`;
    const body = { query: placement.text };
    const made = { id, description: null, endpoint: 'prey', kind: 'Read' as const, body, settings: {} };
    await createTemplate(world.deps, world.admin, made);
    const through: string[] = [];
    for (const [suite, values] of Object.entries(PAYLOADS)) {
      for (const value of isLongForm ? values : values.slice(0, SHORT_FORM)) {
        const got = await execute(id, placement, value);
        const gotThrough = !mayAnswer(placement, value, got);
        if (gotThrough) through.push(`${value.slice(0, 60)} → ${JSON.stringify(got).slice(0, 120)}`);
        report({
          suite: `placeholder as ${place}`,
          name: `${suite}: ${value.slice(0, 40)}`,
          outcome: String(got).slice(0, 40),
          gotThrough,
        });
      }
    }
    expect(through).toEqual([]);
    expect(await world.query(0, 'SELECT id, secret FROM prey')).toEqual([{ id: 1, secret: 'not to be read' }]);
  });
});
