import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { atVeryEndOfFile } from './test-file.js';
import { databaseUrl, testServers, type PostgresAddress } from './test-servers.js';

export interface TestDatabase {
  readonly server: PostgresAddress;
  readonly name: string;
  /** For the superuser. */
  readonly url: string;
}

const OBJECT_IN_USE = '55006';
const CONTROL_TEMPLATE = 'eden_control_template';

/** A new database: a copy of `template`, or empty. It is dropped at the end of the test file. */
export async function createDatabase(
  server: PostgresAddress,
  options: { readonly template?: string } = {},
): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  await administer(server, (client) =>
    client.query(`CREATE DATABASE ${name} TEMPLATE ${options.template ?? 'template0'}`),
  );
  const database = { server, name, url: databaseUrl(server, name) };
  atVeryEndOfFile(() => dropDatabase(database));
  return database;
}

/** A new database with the control schema, and an installation of its own in it. */
export async function createControlDatabase(): Promise<TestDatabase> {
  const { control } = testServers();
  await administer(control, async (client) => {
    // Test files run in several processes; the first makes the template, the others wait for it.
    await client.query(`SELECT pg_advisory_lock(hashtext('${CONTROL_TEMPLATE}'))`);
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [CONTROL_TEMPLATE]);
    if (rowCount === 0) await makeControlTemplate(client, control);
  });
  const database = await createDatabase(control, { template: CONTROL_TEMPLATE });
  await adoptPlace(database.url);
  return database;
}

/** Another way to a control database: an address that its installation knows from now on. */
export async function adoptPlace(url: string, directUrl?: string): Promise<void> {
  const { adoptPlace: adopt } = await import('@eden/database');
  await adopt({ url, directUrl });
}

async function makeControlTemplate(client: pg.Client, control: PostgresAddress): Promise<void> {
  // Lazily: most test files need no control database, and nothing of Prisma.
  const { deployControlSchema } = await import('@eden/database');
  const unfinished = `${CONTROL_TEMPLATE}_unfinished`;
  await client.query(`DROP DATABASE IF EXISTS ${unfinished} WITH (FORCE)`);
  await client.query(`CREATE DATABASE ${unfinished} TEMPLATE template0`);
  await deployControlSchema(databaseUrl(control, unfinished));
  await withClient(databaseUrl(control, unfinished), (inside) => inside.query('TRUNCATE installations CASCADE'));
  await client.query(`ALTER DATABASE ${unfinished} RENAME TO ${CONTROL_TEMPLATE}`);
}

/**
 * Drops the database; nothing happens when it is gone already.
 * @throws when sessions or prepared transactions were left in it. It is dropped all the same.
 */
export async function dropDatabase({ server, name, url }: TestDatabase): Promise<void> {
  await administer(server, async (client) => {
    try {
      await client.query(`DROP DATABASE IF EXISTS ${name}`);
    } catch (error) {
      if ((error as { code?: string }).code !== OBJECT_IN_USE) throw error;
      const left = await whatIsLeftIn(client, name);
      await rollBackPrepared(client, url, name);
      await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      throw new Error(`Left in a database of this test file: ${left.join('; ')}`, { cause: error });
    }
  });
}

async function whatIsLeftIn(client: pg.Client, name: string): Promise<string[]> {
  const { rows } = await client.query<{ description: string }>(
    `SELECT format('session "%s", %s: %s', application_name, state, query) AS description
       FROM pg_stat_activity WHERE datname = $1
     UNION ALL
     SELECT format('prepared transaction "%s"', gid) FROM pg_prepared_xacts WHERE database = $1`,
    [name],
  );
  return rows.map(({ description }) => description);
}

async function rollBackPrepared(client: pg.Client, url: string, name: string): Promise<void> {
  const { rows } = await client.query<{ gid: string }>('SELECT gid FROM pg_prepared_xacts WHERE database = $1', [name]);
  if (rows.length === 0) return;
  await withClient(url, async (inside) => {
    for (const { gid } of rows) await inside.query(`ROLLBACK PREPARED ${pg.escapeLiteral(gid)}`);
  });
}

function administer<T>(server: PostgresAddress, work: (client: pg.Client) => Promise<T>): Promise<T> {
  return withClient(databaseUrl(server, 'postgres'), work);
}

/** A session for one piece of work. */
export async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, application_name: 'testkit' });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
