import { it } from '@jest/globals';
import {
  connectMariaDb,
  createMariaDbDatabase,
  eventually,
  hasMariaDb,
  preparedInMariaDb,
  startMariaDb,
  withMariaDb,
  type MariaDbDatabase,
  type MariaDbServer,
} from '@eden/testkit';
import { describeConformance } from '../testing/conformance/conformance.js';
import type { DatabaseUnderTest, HeldTable, KindUnderTest } from '../testing/conformance/kind-under-test.js';
import { sql } from '../testing/fixtures.js';
import { mysqlAdapter } from '../testing/mysql-target.js';

let server: Promise<MariaDbServer> | undefined;
const ours = () => (server ??= startMariaDb());

/**
 * No statement of a transaction locks a whole table there, rows that do not exist least of all: every statement of the
 * cases locks a row of `item_lock` in share mode, and the one that excludes the others locks it alone.
 */
const KIND: KindUnderTest = {
  name: 'MariaDB',
  class: '2pc',
  createAdapter: ({ connectMs, answerMs, silenceMs, fenceWaitMs }) =>
    mysqlAdapter({ connectTimeoutMs: connectMs, answerTimeoutMs: answerMs, silenceMs, fenceWaitMs }),
  createDatabase: async () => underTest(await createMariaDbDatabase(await ours())),
  language: {
    insert: (id) => sql('INSERT INTO item SELECT ? FROM item_lock LOCK IN SHARE MODE', id),
    remove: (id) => sql('DELETE FROM item WHERE id = ?', id),
    readAll: sql(
      'SELECT item.id FROM item_lock LEFT JOIN item ON TRUE WHERE item.id > 0 ORDER BY 1 LOCK IN SHARE MODE',
    ),
    lockTable: sql('UPDATE item_lock SET locked = locked + 1'),
    failing: sql("SELECT CAST('a' AS nothing)"),
    slow: sql('SELECT SLEEP(3600)'),
    slowish: sql('SELECT SLEEP(4)'),
    notParsed: sql('SELEC 1'),
    endsTransaction: sql('COMMIT'),
  },
  replies: {
    prepare: (_, request) => request.includes('XA PREPARE'),
    commitPrepared: (_, request) => request.includes('XA COMMIT'),
    commit: (_, request) => request.includes('ONE PHASE'),
  },
};

if (hasMariaDb()) describeConformance(KIND);
else it.skip('MariaDB', () => undefined);

function underTest({ server: at, name, username, password }: MariaDbDatabase): DatabaseUnderTest {
  const query = <Row>(text: string) => withMariaDb(at, (run) => run<Row>(text), name);
  // Of the whole server, which is this file's own: what INNODB_TRX shows is a tenth of a second old, and older for who asks more often.
  const waiting = `SELECT VARIABLE_VALUE AS n FROM information_schema.GLOBAL_STATUS
    WHERE VARIABLE_NAME = 'INNODB_ROW_LOCK_CURRENT_WAITS'`;
  return {
    port: at.port,
    secret: password,
    configAt: (host, port) => ({ host, port, database: name, username, password }),
    freshTable: () =>
      withMariaDb(
        at,
        async (run) => {
          for (const xid of await preparedInMariaDb(run)) await run(`XA ROLLBACK ${xid}`);
          await run('SET lock_wait_timeout = 5');
          await run('CREATE OR REPLACE TABLE item (id int UNIQUE)');
          await run('CREATE OR REPLACE TABLE item_lock (locked int NOT NULL)');
          await run('INSERT INTO item_lock VALUES (0)');
        },
        name,
      ),
    ids: async () => (await query<{ id: number }>('SELECT id FROM item ORDER BY id')).map(({ id }) => id),
    holdTable: () => holdTable(at, name),
    waiting: async () => Number((await query<{ n: string }>(waiting))[0]?.n),
    endSessions: () => endSessions(at, name, username),
  };
}

async function holdTable(at: MariaDbServer, name: string): Promise<HeldTable> {
  const session = await connectMariaDb(at, name);
  await session.query('START TRANSACTION');
  await session.query('UPDATE item_lock SET locked = locked + 1');
  let ended: Promise<void> | undefined;
  return { close: () => (ended ??= session.end()) };
}

function endSessions(at: MariaDbServer, name: string, username: string): Promise<void> {
  const of = `SELECT ID FROM information_schema.PROCESSLIST WHERE DB = '${name}' AND USER = '${username}'`;
  return withMariaDb(at, async (run) => {
    for (const { ID } of await run<{ ID: number }>(of)) await run(`KILL ${ID}`);
    await eventually(async () => {
      if ((await run(of)).length > 0) throw new Error('sessions are still there');
    });
  });
}
