import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type {
  BoundText,
  BoundValue,
  Endpoint,
  ExecutionOptions,
  JsonObject,
  Statement,
  StatementResult,
} from '@eden/domain';
import { createDatabase, testServers, withClient, type TestDatabase } from '@eden/testkit';
import { createTargets } from '../../index.js';
import { endpointAt, PATIENT, REACH, sql } from '../../testing/fixtures.js';
import { isBindable } from './bindable.js';

/* A read whose values stand beside its statement answers what it answers with them in it, or leaves it to that. */

const targets = createTargets({ postgres: PATIENT, reach: REACH });
const adapter = targets.adapter('Postgres');
let database: TestDatabase;

beforeAll(async () => {
  database = await createDatabase(testServers().targets[0]);
  await withClient(database.url, (client) =>
    client.query(`CREATE TYPE mood AS ENUM ('sad', 'happy');
      CREATE TABLE item (id bigint PRIMARY KEY, name varchar(20), cents numeric(12, 2), mood mood, at timestamptz, data jsonb, tags text[]);
      INSERT INTO item SELECT n, 'Item ' || n, n * 1.5, 'happy', '2026-01-01T00:00Z'::timestamptz + n * interval '1 day',
        jsonb_build_object('n', n), ARRAY['a', 'b' || n] FROM generate_series(-3, 30) AS n;
      CREATE FUNCTION kind(int) RETURNS text LANGUAGE sql AS $$ SELECT 'int' $$;
      CREATE FUNCTION kind(bigint) RETURNS text LANGUAGE sql AS $$ SELECT 'bigint' $$;
      CREATE FUNCTION kind(numeric) RETURNS text LANGUAGE sql AS $$ SELECT 'numeric' $$;
      CREATE FUNCTION kind(text) RETURNS text LANGUAGE sql AS $$ SELECT 'text' $$;
      CREATE FUNCTION kind(boolean) RETURNS text LANGUAGE sql AS $$ SELECT 'boolean' $$`),
  );
});

afterAll(() => targets.close());

const OPTIONS: ExecutionOptions = {
  readOnly: true,
  gate: null,
  lockTimeoutMs: 2000,
  statementTimeoutMs: 10_000,
  idleTimeoutMs: 0,
};

/** The value as templates write it. */
function literal(value: BoundValue | undefined): string {
  if (typeof value === 'string') return `'${value.replaceAll("'", "''")}'`;
  return String(value ?? null).replace(/^-.*/, '($&)');
}

function textOf({ text, values }: BoundText): string {
  return text.replace(/\$(\d+)/g, (_, n) => literal(values[Number(n) - 1]));
}

function beside(endpoint: Endpoint, bound: BoundText, name = bound.text): Promise<StatementResult | null> {
  const read = { statement: sql(textOf(bound)), bound, limits: {}, name };
  return adapter.readBeside?.(endpoint, OPTIONS, read) ?? Promise.reject(new Error('cannot'));
}

/** What it answers with its values in its text. */
async function written(endpoint: Endpoint, bound: BoundText): Promise<unknown> {
  const session = await adapter.openExecution(endpoint, OPTIONS);
  try {
    return await session.readOnce(sql(textOf(bound)));
  } catch {
    return null;
  } finally {
    await session.abandon();
  }
}

const NUMBERS = [
  0,
  1,
  -1,
  5,
  2 ** 31 - 1,
  2 ** 31,
  -(2 ** 31),
  -(2 ** 31) - 1,
  2 ** 53,
  1.5,
  -0.25,
  1e21,
  1e300,
  10n ** 18n,
  10n ** 19n,
];
const TEXTS = [
  '',
  'Item 5',
  "it's",
  '5',
  '-5',
  'true',
  'happy',
  '{"n": 5}',
  '{a,b5}',
  '2026-01-06',
  'é𝒳',
  '\\x',
  '$1',
  '"',
];
const VALUES: readonly BoundValue[] = [...NUMBERS, ...TEXTS, true, false, null];

const STATEMENTS = [
  'SELECT $1 AS x',
  'SELECT kind($1) AS kind',
  'SELECT $1::text AS x, $2 AS y',
  'SELECT id, name, cents, mood, at, data, tags FROM item WHERE id = $1',
  'SELECT id FROM item WHERE name = $1 ORDER BY id',
  'SELECT id FROM item WHERE cents > $1 ORDER BY id',
  'SELECT id FROM item WHERE mood = $1 ORDER BY id DESC LIMIT 2',
  'SELECT id FROM item WHERE at < $1 ORDER BY id',
  'SELECT id FROM item WHERE data @> $1 ORDER BY id',
  'SELECT id FROM item WHERE data ->> $1 IS NOT NULL ORDER BY id',
  'SELECT id FROM item WHERE tags = $1',
  'SELECT id FROM item WHERE id IN ($1, $2) ORDER BY id',
  'SELECT id FROM item WHERE id BETWEEN $1 AND $2 ORDER BY id',
  'SELECT id FROM item ORDER BY id OFFSET $1 LIMIT 2',
  'SELECT id, name FROM item ORDER BY $1 LIMIT 3',
  'SELECT name, count(*) FROM item GROUP BY $1 LIMIT 3',
  'SELECT name, count(*) FROM item GROUP BY 1 ORDER BY 1 LIMIT $1',
  'SELECT $1::interval day AS x',
  'SELECT $1::interval AS x',
  'SELECT $1::varchar(3) AS x',
  'SELECT coalesce($1, 7) AS x',
  'SELECT coalesce($1, $2) AS x',
  'SELECT CASE WHEN $1 THEN 1 ELSE 2 END AS x',
  'SELECT $1 || name AS x FROM item ORDER BY id LIMIT 1',
  'SELECT $1 + 1 AS x',
  'SELECT round($1, 2) AS x',
  'SELECT abs($1) AS x',
  'SELECT x FROM (VALUES ($1), ($2)) AS v (x)',
  'SELECT 1 AS x UNION ALL SELECT $1',
  'SELECT x FROM (SELECT $1 AS x) AS s',
  'SELECT $1 IS NULL AS x',
  'SELECT x FROM generate_series(1, $1) AS x LIMIT 3',
  'SELECT to_char(at, $1) AS x FROM item WHERE id = 1',
  'SELECT concat($1, $2) AS x',
  'SELECT id AS x, id + 1 AS x FROM item WHERE id = $1',
  'SELECT $1 AS x; SELECT 2',
];

describe('a read by name', () => {
  it.each(STATEMENTS)(
    'answers as by text: %s',
    async (text) => {
      const endpoint = endpointAt(database.url);
      const answers = [];
      for (const [index, first] of VALUES.entries()) {
        const bound = {
          text,
          values: [first, VALUES[(index + 1) % VALUES.length] ?? null].slice(0, text.includes('$2') ? 2 : 1),
        };
        // Each in a process of its own, so to say: what fails stays by itself for a while.
        const read = { ...bound, text: `${text} -- ${index}` };
        const found = await beside(endpoint, text.includes('--') || text.includes(';') ? bound : read);
        if (found !== null) answers.push(first);
        if (found !== null) expect({ first, found }).toEqual({ first, found: await written(endpoint, bound) });
      }
      if (text === STATEMENTS[0]) expect(answers).toHaveLength(VALUES.length);
    },
    60_000,
  );

  it('has its values beside it where that says the same, and else not', async () => {
    // Others than those that the server has been asked for.
    const fit = await Promise.all(STATEMENTS.map(async (text) => [text, await isBindable(`${text} `)] as const));
    expect(fit.filter(([, is]) => !is).map(([text]) => text)).toEqual([
      'SELECT id, name FROM item ORDER BY $1 LIMIT 3',
      'SELECT name, count(*) FROM item GROUP BY $1 LIMIT 3',
      'SELECT $1::interval day AS x',
      'SELECT $1::varchar(3) AS x',
      'SELECT $1 AS x; SELECT 2',
    ]);
  });

  it.each([
    'INSERT INTO item (id) VALUES ($1)',
    'SELECT version FROM _eden.gate WHERE api_uuid = $1',
    'SELECT set_config($1, $2, true)',
    'SELECT id FROM item UNION (SELECT id FROM item ORDER BY $1)',
    'SELECT DISTINCT ON ($1) id FROM item',
    'SELECT id FROM item GROUP BY GROUPING SETS ((id), ($1))',
    'SELEC $1',
    '',
  ])('is none: %s', async (text) => {
    expect(await isBindable(text)).toBe(false);
  });
});

/** How often statements were prepared on the connections of the database that are there. */
async function preparedOn(endpoint: Endpoint): Promise<readonly JsonObject[]> {
  const text = "SELECT name, statement, from_sql FROM pg_prepared_statements WHERE name LIKE 'eden%' ORDER BY name";
  const session = await adapter.openExecution(endpoint, OPTIONS);
  const result = await session.readOnce(sql(text));
  await session.abandon();
  return typeof result === 'string' ? [] : result.rows;
}

/** What a read answers that shares its connection with no other. */
async function alone(endpoint: Endpoint, statement: Statement): Promise<StatementResult | string> {
  const session = await adapter.openExecution(endpoint, OPTIONS);
  try {
    return await session.readOnce(statement);
  } finally {
    await session.abandon();
  }
}

/** A pool of one connection. */
function oneConnection(): Endpoint {
  return endpointAt(database.url, { config: { url: database.url, pool_size: 1 } });
}

describe('a session that reads by name', () => {
  it('prepares a statement once for all values of the same types', async () => {
    const endpoint = oneConnection();
    const text = 'SELECT $1 AS once';
    for (const value of [1, 2, 3, 'a', 'b', 4])
      expect(await beside(endpoint, { text, values: [value] })).not.toBeNull();
    const found = await preparedOn(endpoint);
    expect(found.filter(({ statement }) => statement === text)).toHaveLength(2);
    expect(found.every(({ from_sql }) => from_sql === false)).toBe(true);
  });

  it('keeps no more of them than it needs', async () => {
    const endpoint = oneConnection();
    for (let n = 0; n < 100; n += 1) {
      expect(await beside(endpoint, { text: `SELECT $1 AS x${n}`, values: [n] })).toEqual({
        rows: [{ [`x${n}`]: n }],
        rowCount: 1,
      });
    }
    expect((await preparedOn(endpoint)).length).toBeLessThan(50);
    expect(await beside(endpoint, { text: 'SELECT $1 AS x0', values: [1] })).toEqual({
      rows: [{ x0: 1 }],
      rowCount: 1,
    });
  });

  it('reads by what the schema is, also when somebody has changed it', async () => {
    const endpoint = oneConnection();
    await withClient(database.url, (client) => client.query('CREATE TABLE changing AS SELECT 1 AS id'));
    const bound = { text: 'SELECT * FROM changing WHERE id = $1', values: [1] };
    expect((await beside(endpoint, bound))?.rows).toEqual([{ id: 1 }]);
    await withClient(database.url, (client) => client.query("ALTER TABLE changing ADD COLUMN name text DEFAULT 'new'"));
    // Once by itself, and then by name again.
    const after = [await beside(endpoint, bound), await beside(endpoint, bound)];
    expect(after).toEqual([null, { rows: [{ id: 1, name: 'new' }], rowCount: 1 }]);
  });

  it('takes for a changed schema only what the server has found, and no error that SQL has raised', async () => {
    const endpoint = oneConnection();
    await withClient(database.url, (client) =>
      client.query(
        `CREATE FUNCTION unsupported(bad boolean) RETURNS int LANGUAGE plpgsql AS $$
          BEGIN IF bad THEN RAISE feature_not_supported; END IF; RETURN 1; END $$`,
      ),
    );
    const read = (bad: boolean) => beside(endpoint, { text: 'SELECT unsupported($1) AS x', values: [bad] });
    expect((await read(false))?.rows).toEqual([{ x: 1 }]);
    // What fails stays by itself for a while.
    expect([await read(true), await read(false)]).toEqual([null, null]);
  });

  it('prepares anew what somebody has taken away', async () => {
    const endpoint = oneConnection();
    const bound = { text: 'SELECT $1 AS x', values: [1] };
    expect((await beside(endpoint, bound))?.rows).toEqual([{ x: 1 }]);
    await withClient(database.url, (client) =>
      client.query(
        "CREATE OR REPLACE FUNCTION forget() RETURNS int LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'DEALLOCATE ALL'; RETURN 1; END $$",
      ),
    );
    const session = await adapter.openExecution(endpoint, OPTIONS);
    await session.readOnce(sql('SELECT forget()'));
    await session.abandon();
    expect([await beside(endpoint, bound), (await beside(endpoint, bound))?.rows]).toEqual([null, [{ x: 1 }]]);
  });

  it('goes by nothing that somebody has put in the place of what it prepares', async () => {
    const endpoint = oneConnection();
    await withClient(database.url, (client) =>
      client.query(
        `CREATE OR REPLACE FUNCTION forge() RETURNS int LANGUAGE plpgsql AS $$
          DECLARE name text;
          BEGIN
            PERFORM set_config('work_mem', '1MB', false);
            FOR name IN SELECT s.name FROM pg_prepared_statements AS s WHERE s.name ~ '^eden_(reset|left)' LOOP
              EXECUTE 'DEALLOCATE ' || name;
              IF name = 'eden_left' THEN EXECUTE 'PREPARE eden_left (float8) AS SELECT 1, 2, ARRAY[]::text[]';
              ELSE EXECUTE 'PREPARE ' || name || ' AS SELECT WHERE false'; END IF;
            END LOOP;
            RETURN 1;
          END $$`,
      ),
    );
    const look = { text: "SELECT current_setting('work_mem') AS seen", values: [] };
    const before = await beside(endpoint, look);
    expect(await beside(endpoint, { text: 'SELECT forge() AS x', values: [] })).toBeNull();
    expect(await beside(endpoint, look)).toEqual(before);
  });

  it('ends the session where something in the place of its reset takes itself away again', async () => {
    const endpoint = oneConnection();
    await withClient(database.url, (client) =>
      client.query(
        `CREATE FUNCTION slip() RETURNS int LANGUAGE plpgsql AS $$
          BEGIN
            PERFORM set_config('work_mem', '1MB', false);
            EXECUTE 'DEALLOCATE eden_reset_4';
            RETURN 1;
          END $$;
        CREATE FUNCTION replace_reset() RETURNS int LANGUAGE plpgsql AS $$
          BEGIN
            EXECUTE 'DEALLOCATE eden_reset_4';
            EXECUTE 'PREPARE eden_reset_4 AS SELECT WHERE slip() < 0';
            RETURN 1;
          END $$`,
      ),
    );
    const look = sql("SELECT current_setting('work_mem') AS seen");
    const before = await alone(endpoint, look);
    expect(await beside(endpoint, { text: 'SELECT replace_reset() AS x', values: [] })).toBeNull();
    expect(await alone(endpoint, look)).toEqual(before);
  });

  it('waits for no table longer than reads may, also when it prepares the statement', async () => {
    const endpoint = oneConnection();
    await withClient(database.url, async (client) => {
      await client.query('CREATE TABLE locked AS SELECT 1 AS id');
      await client.query('BEGIN; LOCK TABLE locked');
      expect(await beside(endpoint, { text: 'SELECT id FROM locked WHERE id = $1', values: [1] })).toBeNull();
      const waiting = "SELECT pid FROM pg_locks WHERE relation = 'locked'::regclass AND NOT granted";
      expect((await client.query(waiting)).rows).toEqual([]);
    });
  });

  it('reads also where transactions are of another isolation by default', async () => {
    const strict = await createDatabase(testServers().targets[0]);
    await withClient(strict.url, (client) =>
      client.query(
        `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_isolation = serializable', current_database()); END $$`,
      ),
    );
    expect(await beside(endpointAt(strict.url), { text: 'SELECT $1 AS strict', values: [7] })).toEqual({
      rows: [{ strict: 7 }],
      rowCount: 1,
    });
  });

  it('leaves to the text what the server does not take by name', async () => {
    const endpoint = oneConnection();
    const bound = { text: 'SELECT $1 IS NULL AS unknown', values: ['x'] };
    expect(await beside(endpoint, bound, 'first')).toBeNull();
    expect(await beside(endpoint, bound, 'second')).toEqual({ rows: [{ unknown: false }], rowCount: 1 });
  });

  it('takes no text for SQL, whatever it holds', async () => {
    const endpoint = oneConnection();
    for (const x of ["'; DROP TABLE item; --", "' OR true --", '$1', '\\', "E'\\''"]) {
      expect((await beside(endpoint, { text: 'SELECT $1 AS x', values: [x] }))?.rows).toEqual([{ x }]);
    }
  });
});
