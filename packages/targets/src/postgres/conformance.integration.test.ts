import type { AtomicityClass } from '@eden/domain';
import {
  createDatabase,
  startUnpreparedServer,
  testServers,
  withClient,
  type PostgresAddress,
  type TestDatabase,
} from '@eden/testkit';
import { Client, escapeLiteral } from 'pg';
import { describeConformance } from '../testing/conformance/conformance.js';
import type { DatabaseUnderTest, HeldTable, KindUnderTest } from '../testing/conformance/kind-under-test.js';
import { sql } from '../testing/fixtures.js';
import { postgresAdapter } from '../testing/postgres-target.js';

const prepared = () => Promise.resolve(testServers().targets[0]);
let server: Promise<PostgresAddress> | undefined;
const unprepared = () => (server ??= startUnpreparedServer());

describeConformance(postgres('PostgreSQL', '2pc', prepared));
describeConformance(postgres('PostgreSQL that prepares nothing', 'one-phase', unprepared));

function postgres(name: string, kindClass: AtomicityClass, serverOf: () => Promise<PostgresAddress>): KindUnderTest {
  return {
    name,
    class: kindClass,
    createAdapter: ({ connectMs, answerMs, silenceMs, fenceWaitMs }) =>
      postgresAdapter({ connectTimeoutMs: connectMs, answerTimeoutMs: answerMs, silenceMs, fenceWaitMs }),
    createDatabase: async () => underTest(await createDatabase(await serverOf())),
    language: {
      insert: (id) => sql('INSERT INTO item VALUES ($1)', id),
      remove: (id) => sql('DELETE FROM item WHERE id = $1', id),
      buildIndex: (name) => sql(`CREATE INDEX CONCURRENTLY ${name} ON item (id)`),
      readAll: sql('SELECT id FROM item ORDER BY id'),
      lockTable: sql('LOCK TABLE item'),
      failing: sql('SELECT 1 / 0'),
      slow: sql('SELECT pg_sleep(3600)'),
      slowish: sql('SELECT pg_sleep(4)'),
      notParsed: sql('SELEC 1'),
      endsTransaction: sql('COMMIT'),
    },
    replies: {
      prepare: (reply) => reply.includes('PREPARE TRANSACTION'),
      commitPrepared: (reply) => reply.includes('COMMIT PREPARED'),
      commit: (reply) => reply.includes('COMMIT\0'),
    },
  };
}

function underTest({ name, server: { port, username, password }, url }: TestDatabase): DatabaseUnderTest {
  const query = <Row>(text: string) => withClient(url, async (client) => (await client.query(text)).rows as Row[]);
  return {
    port,
    secret: password,
    configAt: (host, at) => ({ host, port: at, database: name, username, password }),
    freshTable: async () => {
      const left = await query<{ gid: string }>(
        'SELECT gid FROM pg_prepared_xacts WHERE database = current_database()',
      );
      for (const { gid } of left) await query(`ROLLBACK PREPARED ${escapeLiteral(gid)}`);
      await query("SET lock_timeout = '5s'; DROP TABLE IF EXISTS item; CREATE TABLE item (id int UNIQUE)");
    },
    ids: async () => (await query<{ id: number }>('SELECT id FROM item ORDER BY id')).map(({ id }) => id),
    holdTable: () => hold(url, 'LOCK TABLE item'),
    holdChange: () => hold(url, 'LOCK TABLE item IN ROW EXCLUSIVE MODE'),
    indexes: () =>
      query(`SELECT relname AS name, indisvalid AS "isValid" FROM pg_index JOIN pg_class ON oid = indexrelid
        WHERE indrelid = 'item'::regclass AND NOT indisunique ORDER BY relname`),
    waiting: async () => {
      const waits = "datname = current_database() AND wait_event_type = 'Lock'";
      return (await query(`SELECT FROM pg_stat_activity WHERE ${waits}`)).length;
    },
    endSessions: async () => {
      const ours = "datname = current_database() AND application_name LIKE 'eden%'";
      await query(`SELECT pg_terminate_backend(pid, 20000) FROM pg_stat_activity WHERE ${ours}`);
    },
  };
}

async function hold(url: string, lock: string): Promise<HeldTable> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(`BEGIN; ${lock}`);
  let ended: Promise<void> | undefined;
  return { close: () => (ended ??= client.end()) };
}
