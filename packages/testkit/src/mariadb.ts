import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Sandbox, type MariaDbServer } from '@eden/sandbox';
import { createConnection, type Connection, type RowDataPacket } from 'mysql2/promise';
import { atVeryEndOfFile } from './test-file.js';
import { testServers } from './test-servers.js';

export type { MariaDbServer };

interface Session {
  readonly ID: number;
  readonly INFO: string | null;
}

const GOODBYE_MS = 2000;
const LOOK_MS = 10;

/** Set by whoever has no MariaDB and cannot install one. */
const WITHOUT = 'EDEN_TEST_WITHOUT_MARIADB';

/**
 * False only where somebody has said so by EDEN_TEST_WITHOUT_MARIADB=1, and then it is said aloud. Without that, a MariaDB
 * that is missing fails the run.
 */
export function hasMariaDb(): boolean {
  if (process.env[WITHOUT] !== '1') return true;
  process.stderr.write(`\n${WITHOUT}=1: NOTHING OF THE KIND MySQL IS TESTED HERE\n`);
  return false;
}

/** A MariaDB of this test file's own, stopped when everything else of the file is. */
export async function startMariaDb(args: readonly string[] = []): Promise<MariaDbServer> {
  const sandbox = await Sandbox.create(testServers().filesDirectory);
  // Databases are dropped before.
  atVeryEndOfFile(() => sandbox.stop());
  return sandbox.startMariaDb({ name: 'mariadb', args });
}

/** A database of a MariaDB, and the only account that may use it. */
export interface MariaDbDatabase {
  readonly server: MariaDbServer;
  readonly name: string;
  readonly username: string;
  readonly password: string;
  /** For that account. */
  readonly url: string;
}

/**
 * A new and empty database with an account of its own, which may do everything in it and see who is in the way; dropped
 * at the end of the test file, which fails when a session or a prepared transaction was left in it.
 */
export async function createMariaDbDatabase(server: MariaDbServer): Promise<MariaDbDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  const password = randomBytes(12).toString('base64url');
  await withMariaDb(server, async (query) => {
    await query(`CREATE DATABASE ${name} CHARACTER SET utf8mb4`);
    await query(`CREATE USER ${name}@'%' IDENTIFIED BY '${password}'`);
    await query(`GRANT ALL ON ${name}.* TO ${name}@'%'`);
    await query(`GRANT PROCESS ON *.* TO ${name}@'%'`);
  });
  const database = {
    server,
    name,
    username: name,
    password,
    url: `mariadb://${name}:${password}@${server.host}:${server.port}/${name}`,
  };
  atVeryEndOfFile(() => dropMariaDbDatabase(database));
  return database;
}

type Query = <Row>(text: string) => Promise<readonly Row[]>;

/** A session of the server's superuser for one piece of work, in a database where one is named. */
export async function withMariaDb<T>(
  server: MariaDbServer,
  work: (query: Query) => Promise<T>,
  database?: string,
): Promise<T> {
  const connection = await connectMariaDb(server, database);
  try {
    return await work(async <Row>(text: string) => {
      const [rows] = await connection.query<RowDataPacket[]>(text);
      return rows as Row[];
    });
  } finally {
    await connection.end();
  }
}

/** A session of the server's superuser, whose end is the caller's matter. */
export function connectMariaDb({ host, port, superuser }: MariaDbServer, database?: string): Promise<Connection> {
  const { username: user, password } = superuser;
  return createConnection({ host, port, user, password, ...(database === undefined ? {} : { database }) });
}

/** The ids of all prepared transactions of a server, each as the SQL that names it. */
export async function preparedInMariaDb(query: Query): Promise<readonly string[]> {
  const rows = await query<{ formatID: number; gtrid_length: number; data: Buffer }>('XA RECOVER');
  return rows.map(({ formatID, gtrid_length: length, data }) => {
    const bytes = Buffer.from(data);
    return `X'${bytes.subarray(0, length).toString('hex')}',X'${bytes.subarray(length).toString('hex')}',${formatID}`;
  });
}

async function dropMariaDbDatabase({ server, name, username }: MariaDbDatabase): Promise<void> {
  await withMariaDb(server, async (query) => {
    const left = await sessionsLeft(query, name);
    const prepared = await preparedInMariaDb(query);
    for (const { ID } of left) await query(`KILL ${ID}`);
    for (const xid of prepared) await query(`XA ROLLBACK ${xid}`);
    await query(`DROP DATABASE ${name}`);
    await query(`DROP USER ${username}@'%'`);
    const all = [...left.map(({ ID, INFO }) => `session ${ID}: ${INFO}`), ...prepared.map((xid) => `prepared ${xid}`)];
    if (all.length > 0) throw new Error(`Left in a database of this test file: ${all.join('; ')}`);
  });
}

/** A session that has said goodbye is told for a moment longer. */
async function sessionsLeft(query: Query, database: string): Promise<readonly Session[]> {
  const sql = `SELECT ID, INFO FROM information_schema.PROCESSLIST WHERE DB = '${database}' AND ID <> CONNECTION_ID()`;
  const deadline = performance.now() + GOODBYE_MS;
  for (;;) {
    const left = await query<Session>(sql);
    if (left.length === 0 || performance.now() > deadline) return left;
    await delay(LOOK_MS);
  }
}
