import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { describe, expect, it } from '@jest/globals';
import { createDatabase, eventually, testServers, withClient, type TestDatabase } from '@eden/testkit';
import { DEPLOY_LOCK, deployControlSchema } from './deploy.js';
import { createSchemaEngine, SchemaEngineAdapterFactory } from './schema-engine.js';
import { readMigrations, readSchema } from './schema-files.js';
import { DescribingAdapterFactory } from './testing/describing-adapter.js';

function emptyDatabase(): Promise<TestDatabase> {
  return createDatabase(testServers().control);
}

describe('deployControlSchema', () => {
  it('applies every migration once when five hosts deploy at the same time', async () => {
    const { url } = await emptyDatabase();
    const deploys = await Promise.all(Array.from({ length: 5 }, () => deployControlSchema(url)));
    const names = (await readMigrations()).migrationDirectories.map(({ path }) => path);
    expect(deploys.flatMap(({ applied }) => applied)).toEqual(names);
    expect(await deployControlSchema(url)).toEqual({ applied: [] });
    const { rows } = await withClient(url, (client) =>
      client.query('SELECT migration_name, finished_at IS NOT NULL AS finished FROM _prisma_migrations'),
    );
    expect(rows).toEqual(names.map((name) => ({ migration_name: name, finished: true })));
  });

  it('needs no superuser: whoever owns the database deploys, and history goes there as it does anywhere', async () => {
    const { url, name } = await emptyDatabase();
    const role = `owner_of_${name}`;
    const password = randomBytes(12).toString('base64url');
    await withClient(url, (client) =>
      client.query(`CREATE ROLE ${role} LOGIN PASSWORD '${password}'; ALTER DATABASE ${name} OWNER TO ${role}`),
    );
    try {
      const own = new URL(url);
      [own.username, own.password] = [role, password];
      expect((await deployControlSchema(own.href)).applied).not.toEqual([]);
      await withClient(own.href, (client) => client.query('SELECT eden_forget_run(gen_random_uuid(), now(), 1)'));
    } finally {
      await withClient(url, (client) => client.query(`REASSIGN OWNED BY ${role} TO CURRENT_USER; DROP ROLE ${role}`));
    }
  });

  it('takes from an installation of an earlier version what superusers alone could make', async () => {
    const { url } = await emptyDatabase();
    await deployControlSchema(url);
    await withClient(url, (client) =>
      client.query(`ALTER FUNCTION eden_forget_run SET eden.retention = 'on';
        UPDATE _prisma_migrations SET checksum = 'of another text' WHERE migration_name LIKE '%_retention';
        DELETE FROM _prisma_migrations WHERE migration_name LIKE '%_retention_without_a_setting_of_its_own'`),
    );
    expect((await deployControlSchema(url)).applied).toHaveLength(1);
    const settings = "SELECT proconfig FROM pg_proc WHERE proname = 'eden_forget_run'";
    expect((await withClient(url, (client) => client.query(settings))).rows).toEqual([{ proconfig: null }]);
  });

  it('waits for its turn before it touches anything', async () => {
    const { url } = await emptyDatabase();
    const deploying = await withClient(url, async (client) => {
      await client.query('SELECT pg_advisory_lock($1)', [DEPLOY_LOCK]);
      const waiting = deployControlSchema(url);
      await eventually(async () => {
        const { rows } = await client.query('SELECT pg_blocking_pids(pid) AS by FROM pg_stat_get_activity(NULL)');
        expect(rows.flatMap(({ by }) => by as number[])).not.toEqual([]);
      });
      expect((await client.query(`SELECT to_regclass('_prisma_migrations') AS found`)).rows).toEqual([{ found: null }]);
      return { waiting };
    });
    expect((await deploying.waiting).applied).not.toEqual([]);
  });

  it('gives way to the locks of others, names them when they stay, and leaves nothing that would stop the next one', async () => {
    const { url } = await emptyDatabase();
    await deployBefore(url, '20261126151000_places');
    const holder = new pg.Client({ connectionString: url, application_name: 'dump' });
    await holder.connect();
    try {
      await holder.query('BEGIN; LOCK TABLE installations IN ACCESS SHARE MODE');
      await expect(deployControlSchema(url, { lockTries: 1 })).rejects.toThrow(
        /in 1 tries: \d+ \(.*, dump\) since .*LOCK TABLE installations/,
      );
      const deploying = deployControlSchema(url);
      await eventually(async () => expect(await refused(url)).not.toEqual([]));
      await holder.query('COMMIT');
      expect((await deploying).applied[0]).toBe('20261126151000_places');
    } finally {
      await holder.end();
    }
  });

  it('says what is wrong when the database does not exist', async () => {
    const { url } = await emptyDatabase();
    await expect(deployControlSchema(`${url}_not`)).rejects.toThrow(/_not" does not exist/);
  });

  it('gives up on a server that does not come up in time', async () => {
    const url = 'postgresql://nobody@127.0.0.1:1/none';
    await expect(deployControlSchema(url, { serverWaitMs: 300 })).rejects.toThrow('ECONNREFUSED');
  });
});

/** Sessions that want a lock on a table which others have. */
async function refused(url: string): Promise<unknown[]> {
  const sql = `SELECT pid FROM pg_locks WHERE NOT granted AND relation IS NOT NULL
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;
  return withClient(url, async (client) => (await client.query(sql)).rows);
}

/** All migrations that come before one. */
async function deployBefore(url: string, name: string): Promise<void> {
  const pool = new pg.Pool({ connectionString: url });
  try {
    const engine = await createSchemaEngine(new SchemaEngineAdapterFactory(pool), await readSchema());
    const migrations = await readMigrations();
    const migrationDirectories = migrations.migrationDirectories.filter(({ path }) => path < name);
    const filters = { externalTables: [], externalEnums: [] };
    await engine.applyMigrations({ migrationsList: { ...migrations, migrationDirectories }, filters });
  } finally {
    await pool.end();
  }
}

describe('the schema engine', () => {
  it('leaves nothing of a script that fails half way, and takes a semicolon for what it is', async () => {
    const { url } = await emptyDatabase();
    const pool = new pg.Pool({ connectionString: url });
    try {
      const engine = await createSchemaEngine(new SchemaEngineAdapterFactory(pool), await readSchema());
      const migrations = await readMigrations();
      const content = { tag: 'ok' as const, value: `CREATE TABLE half (t text DEFAULT 'a;b'); SELECT 1 / 0;` };
      const broken = { path: '1_broken', migrationFile: { path: 'migration.sql', content } };
      const migrationsList = { ...migrations, migrationDirectories: [broken] };
      const filters = { externalTables: [], externalEnums: [] };
      await expect(engine.applyMigrations({ migrationsList, filters })).rejects.toThrow('division by zero');
      expect((await pool.query(`SELECT to_regclass('half') AS half`)).rows).toEqual([{ half: null }]);
    } finally {
      await pool.end();
    }
  });

  it('finds that the migrations and schema.prisma agree', async () => {
    const { url } = await emptyDatabase();
    await deployControlSchema(url);
    expect(await drift(url, await readSchema())).toMatch(/empty migration/i);
  });

  it('sees a column that no migration has made', async () => {
    const { url } = await emptyDatabase();
    await deployControlSchema(url);
    const schema = (await readSchema()).replace('model User {', 'model User {\n  nickname String?');
    expect(await drift(url, schema)).toContain('ADD COLUMN     "nickname" TEXT');
  });
});

/** The script that would bring the database to the schema. */
async function drift(url: string, content: string): Promise<string> {
  const factory = new DescribingAdapterFactory(url);
  try {
    const engine = await createSchemaEngine(factory, content);
    const { stdout } = await engine.diff({
      from: { tag: 'schemaDatasource', files: [{ path: 'schema.prisma', content }], configDir: 'prisma' },
      to: { tag: 'schemaDatamodel', files: [{ path: 'schema.prisma', content }] },
      script: true,
      exitCode: null,
      filters: { externalTables: [], externalEnums: [] },
    });
    return stdout ?? '';
  } finally {
    await factory.close();
  }
}
