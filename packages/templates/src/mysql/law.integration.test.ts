import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@eden/domain';
import { isEdenError } from '@eden/domain';
import { connectMariaDb, hasMariaDb, startMariaDb, withMariaDb } from '@eden/testkit';
import fc from 'fast-check';
import { createTemplateEngine } from '../index.js';

const describeMariaDb = hasMariaDb() ? describe : describe.skip;

const engine = createTemplateEngine();

/** Null where the value is refused. */
function render(query: string, values: JsonObject): string | null {
  const definition = { endpointKind: 'MySQL', kind: 'Read', body: { query }, settings: {} } as const;
  try {
    return engine.compile(definition).bind(values).operations[0]?.render().text ?? null;
  } catch (error) {
    if (isEdenError(error, 'TEMPLATE_NOT_RENDERED')) return null;
    throw error;
  }
}

const HOSTILE = [
  ...["'", "''", '"', '`', '\\', "\\'", '--', '-- ', '#', '/*', '*/', '/*!', ';', '\n', '\r', '\0', '\x1a', '\uD800'],
  ...["' OR 1=1 -- ", '?', '@', '%', '\\%', 'é', '𝒳', '縗', '\xbf\x27', '\u00A0', '{{x}}'],
];
const text = fc
  .array(fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'binary', maxLength: 5 })), { maxLength: 6 })
  .map((parts) => parts.join(''));

/** Of the sessions of the service (packages/targets/src/mysql/session-settings.ts). */
const SQL_MODE = 'STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION';

describeMariaDb('what MariaDB itself reads out of rendered statements', () => {
  type Row = Readonly<Record<string, unknown>>;
  let ask: (sql: string) => Promise<readonly Row[]>;
  let end: () => Promise<void>;

  beforeAll(async () => {
    const history = '--performance-schema-consumer-events-statements-history=ON';
    const server = await startMariaDb(['--performance-schema=ON', history]);
    await withMariaDb(server, (query) => query('CREATE DATABASE law CHARACTER SET utf8mb4'));
    const session = await connectMariaDb(server, 'law');
    ask = async (sql) => (await session.query(sql))[0] as readonly Row[];
    end = () => session.end();
    await ask(`SET SESSION sql_mode = '${SQL_MODE}'`);
    await ask('SET NAMES utf8mb4');
  });

  afterAll(() => end());

  /** The statement as its parser has read it, values left out; refused statements, too, are told as far as they were read. */
  async function digestOf(sql: string): Promise<unknown> {
    await ask(sql).catch(() => undefined);
    const [row] = await ask(`SELECT h.DIGEST_TEXT AS digest FROM performance_schema.events_statements_history h
      JOIN performance_schema.threads t USING (THREAD_ID)
      WHERE t.PROCESSLIST_ID = CONNECTION_ID() AND h.SQL_TEXT NOT LIKE '%performance_schema%'
      ORDER BY h.EVENT_ID DESC LIMIT 1`);
    return row?.['digest'];
  }

  it('is the very value, as a literal and inside one', async () => {
    await fc.assert(
      fc.asyncProperty(text, async (x) => {
        const sql = render("SELECT {{x}} AS a, '-{{x}}-' AS b", { x });
        fc.pre(sql !== null);
        expect(await ask(sql)).toEqual([{ a: x, b: `-${x}-` }]);
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    'SELECT {{x}}, 1 -{{x}}, f({{x}})',
    "SELECT 'a{{x}}b' FROM t WHERE a = {{x}} -- end",
    'INSERT INTO t VALUES ({{x}}, 2)',
  ])('is the same statement whatever the value: %s', async (query) => {
    const value = fc.oneof(text, fc.integer());
    await fc.assert(
      fc.asyncProperty(value, async (x) => {
        const wild = render(query, { x });
        const tame = render(query, { x: typeof x === 'string' ? 'v' : x < 0 ? -1 : 1 });
        fc.pre(wild !== null && tame !== null);
        expect(await digestOf(wild)).toBe(await digestOf(tame));
      }),
      { numRuns: 60 },
    );
  });

  it('is a name whatever it holds', async () => {
    await fc.assert(
      fc.asyncProperty(text, async (name) => {
        const x = name.replaceAll('.', '_');
        const sql = render('SELECT 1 AS {{ident x}}', { x });
        fc.pre(sql !== null);
        expect(Object.keys((await ask(sql))[0] ?? {})).toHaveLength(1);
      }),
      { numRuns: 100 },
    );
  });
});
