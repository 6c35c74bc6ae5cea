import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  createDatabase,
  startServerWithClients,
  withClient,
  type ServerWithClients,
  type TestDatabase,
} from '@eden/testkit';
import { endpointAt, newUuid, participantSpec } from '../../testing/fixtures.js';
import { postgresAdapter } from '../../testing/postgres-target.js';

const run = promisify(execFile);
const SCRIPTS = new URL('../../testing/scripts/', import.meta.url);
/** Whose dumps are run as well: what pg_dump writes of them has nearly everything. */
const DUMPED = ['atomic-bodies', 'copy-text', 'partitions', 'policies', 'quoted-identifiers', 'triggers', 'views'];
const MANY_BYTES = 64 * 1024 * 1024;

const adapter = postgresAdapter();
const files = readdirSync(SCRIPTS).filter((name) => name.endsWith('.sql'));
let clients: ServerWithClients | undefined;
let extensions: ReadonlySet<string>;

beforeAll(async () => {
  clients = await startServerWithClients();
  if (clients === undefined) return console.warn('SKIPPED: no PostgreSQL of this machine has psql and pg_dump');
  const { url } = await createDatabase(clients.server);
  await withClient(url, async (client) => {
    const { rows } = await client.query<{ name: string }>('SELECT name FROM pg_available_extensions');
    extensions = new Set(rows.map(({ name }) => name));
  });
});

function textOf(name: string): string {
  return readFileSync(new URL(`${name}.sql`, SCRIPTS), 'utf8');
}

async function runByPsql({ psql }: ServerWithClients, database: TestDatabase, text: string): Promise<void> {
  const args = ['-X', '-q', '-1', '-v', 'ON_ERROR_STOP=1', '-o', '/dev/null', '-d', database.url, '-f', '-'];
  const running = run(psql, args, { maxBuffer: MANY_BYTES });
  running.child.stdin?.end(text);
  await running;
}

async function runByEden(database: TestDatabase, text: string): Promise<void> {
  const session = await adapter.openParticipant(endpointAt(database.url), participantSpec());
  try {
    await session.begin();
    await session.savepoint();
    await session.run({ text, params: [], syntax: 'sql' }, { rows: 'discard' });
    await session.releaseSavepoint();
    await session.prepare();
    expect(await session.commitPrepared()).toBe('committed');
  } finally {
    await session.close();
  }
}

/** Schema and data, but for what the service keeps and for the key that pg_dump draws anew each time. */
async function dumpOf({ pgDump }: ServerWithClients, { url }: TestDatabase): Promise<string> {
  const { stdout } = await run(pgDump, ['-d', url, '--exclude-schema=_eden'], { maxBuffer: MANY_BYTES });
  return stdout;
}

function withoutKey(dump: string): string {
  return dump.replace(/^\\(un)?restrict .*$/gm, '');
}

/** Both ways; answers what they have left, which is the same. */
async function leavesTheSame(found: ServerWithClients, text: string): Promise<string> {
  const [byPsql, byEden] = [await createDatabase(found.server), await createDatabase(found.server)];
  await adapter.install(endpointAt(byEden.url), newUuid());
  await Promise.all([runByPsql(found, byPsql, text), runByEden(byEden, text)]);
  const [expected, left] = await Promise.all([dumpOf(found, byPsql), dumpOf(found, byEden)]);
  expect(withoutKey(left)).toBe(withoutKey(expected));
  return expected;
}

describe('a file that psql runs in one transaction leaves the same when it is run as it is', () => {
  it.each(files.map((file) => file.replace(/\.sql$/, '')))('%s', async (name) => {
    const text = textOf(name);
    const wanted = /^-- extension: (\S+)/.exec(text)?.[1];
    if (clients === undefined || (wanted !== undefined && !extensions.has(wanted))) return;
    await leavesTheSame(clients, text);
  });

  it.each(DUMPED)('the dump of %s', async (name) => {
    if (clients === undefined) return;
    const source = await createDatabase(clients.server);
    await runByPsql(clients, source, textOf(name));
    const dump = await dumpOf(clients, source);
    expect(withoutKey(await leavesTheSame(clients, dump))).toBe(withoutKey(dump));
  });
});
