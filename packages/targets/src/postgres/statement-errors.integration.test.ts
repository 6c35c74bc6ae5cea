import { beforeAll, describe, expect, it } from '@jest/globals';
import type { StatementLimits } from '@eden/domain';
import { withClient, type TestDatabase } from '@eden/testkit';
import { endpointAt, participantSpec, rejection, sql } from '../testing/fixtures.js';
import { closedAfterEach, newInstalledDatabase, postgresAdapter } from '../testing/postgres-target.js';

const adapter = postgresAdapter();
const open = closedAfterEach();
let database: TestDatabase;

beforeAll(async () => {
  database = await newInstalledDatabase(adapter);
  await withClient(database.url, (client) =>
    client.query(`CREATE TABLE item (id int CONSTRAINT item_once UNIQUE);
      CREATE FUNCTION refuse() RETURNS void LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'not today' USING DETAIL = 'It is Sunday', HINT = 'Come tomorrow'; END $$`),
  );
});

/** What a client is told when the text fails in a participant. */
async function failureOf(text: string): Promise<unknown> {
  const session = await adapter.openParticipant(endpointAt(database.url), participantSpec());
  open.push(session);
  await session.begin();
  const { code, context } = (await rejection(session.run(sql(text)))) as { code: string; context: object };
  expect(code).toBe('TEMPLATE_EXECUTION_FAILED');
  return context;
}

describe('the error of a statement', () => {
  it('tells which of the text’s statements it was, and the very place in the text', async () => {
    const text = "SELECT 'ä' AS one;\n\nSELECT 1;\n  SELECT\n    id, 'ü', nme FROM item";
    expect(await failureOf(text)).toMatchObject({ sqlstate: '42703', statement: 3, line: 5, column: 14 });
  });

  it('stands at the beginning of the statement where the server points at no place in it', async () => {
    expect(await failureOf('SELECT 1;\n  SELECT 1/0')).toMatchObject({
      sqlstate: '22012',
      statement: 2,
      line: 2,
      column: 3,
    });
  });

  it('says how templates write names where a literal was met that cannot stand there', async () => {
    expect(await failureOf("SELECT * FROM 'item'")).toMatchObject({
      sqlstate: '42601',
      suggestion: expect.stringContaining('{{ident table}}'),
    });
    expect(await failureOf('SELECT * FROM item WHERE')).not.toHaveProperty('suggestion');
  });

  it('tells the server’s detail and the constraint', async () => {
    expect(await failureOf('INSERT INTO item VALUES (1); INSERT INTO item VALUES (1)')).toMatchObject({
      statement: 2,
      detail: 'Key (id)=(1) already exists.',
      constraint: 'item_once',
      table: 'item',
    });
  });

  it('tells the column of a table beside the column of the text', async () => {
    await withClient(database.url, (client) => client.query('CREATE TABLE filled (id int NOT NULL)'));
    const failure = await failureOf('INSERT INTO filled VALUES (NULL)');
    expect(failure).toMatchObject({ sqlstate: '23502', table: 'filled', column_name: 'id', column: 1 });
  });

  it('tells hint and context of a function', async () => {
    expect(await failureOf('SELECT refuse()')).toMatchObject({
      message: 'not today',
      detail: 'It is Sunday',
      hint: 'Come tomorrow',
      where: expect.stringContaining('PL/pgSQL function refuse() line 2'),
    });
  });
});

describe('the error of a read that goes in one message with its commit', () => {
  async function failureOfRead(text: string, limits?: StatementLimits): Promise<unknown> {
    const options = { readOnly: true, gate: null, lockTimeoutMs: 5000, statementTimeoutMs: 5000, idleTimeoutMs: 0 };
    const session = await adapter.openExecution(endpointAt(database.url), options);
    open.push({ close: () => session.abandon() });
    const { code, context } = (await rejection(session.readOnce(sql(text), limits))) as {
      code: string;
      context: object;
    };
    expect(code).toBe('TEMPLATE_EXECUTION_FAILED');
    return context;
  }

  it('tells its place, too', async () => {
    expect(await failureOfRead("SELECT 'ü',\n  nme FROM item")).toMatchObject({
      sqlstate: '42703',
      statement: 1,
      line: 2,
      column: 3,
    });
  });

  it('stands at its beginning where it took too long', async () => {
    expect(await failureOfRead('  SELECT pg_sleep(60)', { timeoutMs: 50 })).toMatchObject({
      sqlstate: '57014',
      statement: 1,
      line: 1,
    });
  });
});
