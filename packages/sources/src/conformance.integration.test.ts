import { describe, expect, it } from '@jest/globals';
import type { FolderFile, MigrationTool, SourceFileState, SourceOptions, SourceTool } from '@eden/domain';
import { SOURCE_TOOLS } from '@eden/domain';
import { createDatabase, testServers, withClient } from '@eden/testkit';
import type pg from 'pg';
import { writeFolder } from './testing/folders.js';
import type { Draft } from './testing/folders.js';
import { look, migrate, rollBack, takeSteps } from './testing/participant.js';
import { createSources } from './tools.js';

/** What the tool itself makes of a case. */
interface Expectations {
  /** A file was changed after it had been applied. */
  readonly changed: SourceFileState;
  /** The last file that was applied is gone; null where the history does not name it. */
  readonly missing: 'refused' | 'accepted';
  /** A file came late, below one that was applied. */
  readonly late: SourceFileState;
  readonly begins: 'anywhere' | 'in empty databases';
  /** Makes the history say that something failed half way; null where the tool cannot say that. */
  readonly spoil: string | null;
  /** Files can say that they are not to run in a transaction. */
  readonly saysOutside: boolean;
  readonly options?: SourceOptions;
}

const TABLE: Readonly<Record<SourceTool, Expectations>> = {
  dbmate: {
    ...{ changed: 'applied', missing: 'accepted', late: 'pending', begins: 'anywhere' },
    ...{ spoil: null, saysOutside: true },
  },
  'golang-migrate': {
    ...{ changed: 'applied', missing: 'refused', late: 'applied', begins: 'anywhere' },
    ...{ spoil: 'UPDATE schema_migrations SET dirty = true', saysOutside: false },
  },
  goose: {
    ...{ changed: 'applied', missing: 'accepted', late: 'refused', begins: 'anywhere' },
    ...{ spoil: null, saysOutside: true },
  },
  prisma: {
    ...{ changed: 'changed', missing: 'accepted', late: 'pending', begins: 'in empty databases' },
    ...{ spoil: 'UPDATE _prisma_migrations SET finished_at = NULL', saysOutside: false },
  },
  flyway: {
    ...{ changed: 'changed', missing: 'accepted', late: 'refused', begins: 'in empty databases' },
    ...{ spoil: 'UPDATE flyway_schema_history SET success = false', saysOutside: true },
  },
  'node-pg-migrate': {
    ...{ changed: 'applied', missing: 'refused', late: 'refused', begins: 'anywhere' },
    ...{ spoil: null, saysOutside: false },
  },
  drizzle: {
    ...{ changed: 'changed', missing: 'accepted', late: 'refused', begins: 'anywhere' },
    ...{ spoil: null, saysOutside: false, options: { rollback: 'undo' } },
  },
  liquibase: {
    ...{ changed: 'changed', missing: 'accepted', late: 'pending', begins: 'anywhere' },
    ...{ spoil: 'UPDATE databasechangeloglock SET locked = true', saysOutside: true },
  },
};

const draft = (number: number, more: Partial<Draft> = {}): Draft => ({
  number,
  title: `t${number}`,
  up: `CREATE TABLE t${number} (id int);`,
  down: `DROP TABLE t${number};`,
  ...more,
});

const THREE = [draft(1), draft(2), draft(3)];

describe.each(SOURCE_TOOLS)('%s', (name) => {
  const tool = createSources().tool(name);
  const expected = TABLE[name];
  const { options = {} } = expected;
  const folder = (...drafts: Draft[]): FolderFile[] => writeFolder(name, drafts);

  it('takes an empty database to the end of the folder, and then has nothing to do', async () => {
    await inDatabase(async (client) => {
      expect(await states(client, tool, folder(...THREE))).toEqual(['pending', 'pending', 'pending']);
      await migrate(client, tool, folder(...THREE));
      expect(await states(client, tool, folder(...THREE))).toEqual(['applied', 'applied', 'applied']);
      expect(await tables(client)).toEqual(['t1', 't2', 't3']);
    });
  });

  it('takes up where some have been applied, and stops where it is told to', async () => {
    await inDatabase(async (client) => {
      await migrate(client, tool, folder(draft(1)));
      const { migrations } = tool.read(folder(...THREE), {});
      await migrate(client, tool, folder(...THREE), { to: migrations[1]?.version ?? '' });
      expect(await states(client, tool, folder(...THREE))).toEqual(['applied', 'applied', 'pending']);
      expect(await tables(client)).toEqual(['t1', 't2']);
    });
  });

  it('sees a file that was changed since, as far as the tool does', async () => {
    await inDatabase(async (client) => {
      await migrate(client, tool, folder(...THREE));
      const changed = folder(draft(1), draft(2, { up: 'CREATE TABLE other ();' }), draft(3));
      const { assessment } = await look(client, tool, changed);
      expect(assessment.statuses[1]?.state).toBe(expected.changed);
      expect(assessment.problems.length > 0).toBe(expected.changed === 'changed');
      const lax = await look(client, tool, changed, { strict: false });
      expect(lax.assessment.problems).toEqual([]);
    });
  });

  it('judges a file that has gone as the tool does', async () => {
    await inDatabase(async (client) => {
      await migrate(client, tool, folder(...THREE));
      const { assessment } = await look(client, tool, folder(draft(1), draft(2)));
      const isJudged = name === 'node-pg-migrate' || name === 'golang-migrate';
      expect(assessment.problems.length > 0).toBe(isJudged);
      expect(assessment.pending).toEqual([]);
    });
  });

  it('judges a file that came late as the tool does', async () => {
    await inDatabase(async (client) => {
      await migrate(client, tool, folder(draft(1), draft(3)));
      const { assessment } = await look(client, tool, folder(...THREE));
      const late = assessment.statuses.find(({ file }) => file.includes('t2'));
      expect(late?.state).toBe(expected.late);
      expect(assessment.problems.length > 0).toBe(expected.late === 'refused');
    });
  });

  it('judges a file that came late alike where the later one has gone', async () => {
    await inDatabase(async (client) => {
      await migrate(client, tool, folder(draft(1), draft(3)));
      const { assessment } = await look(client, tool, folder(draft(1), draft(2)));
      const isRefused = expected.late === 'refused' || expected.missing === 'refused';
      expect(assessment.problems.length > 0).toBe(isRefused);
    });
  });

  it('refuses a history that says that something is unfinished', async () => {
    await inDatabase(async (client) => {
      if (expected.spoil === null) return;
      await migrate(client, tool, folder(draft(1)));
      await client.query(expected.spoil);
      await expect(migrate(client, tool, folder(...THREE))).rejects.toThrow(/half way|dirty|holds its lock/);
      expect(await tables(client)).toEqual(['t1']);
    });
  });

  it('begins behind a baseline in a database that has tables and no history', async () => {
    await inDatabase(async (client) => {
      await client.query('CREATE TABLE t1 (id int); CREATE TABLE t2 (id int)');
      const bare = await look(client, tool, folder(...THREE));
      expect(bare.assessment.problems.length > 0).toBe(expected.begins === 'in empty databases');
      const { migrations } = tool.read(folder(...THREE), {});
      await migrate(client, tool, folder(...THREE), { baseline: migrations[1]?.version ?? '' });
      expect(await tables(client)).toEqual(['t1', 't2', 't3']);
      const { assessment } = await look(client, tool, folder(...THREE));
      expect(assessment.problems).toEqual([]);
      expect(assessment.pending).toEqual([]);
    });
  });

  it('leaves the history as it was when a file fails', async () => {
    await inDatabase(async (client) => {
      await migrate(client, tool, folder(draft(1)));
      const before = await look(client, tool, folder(draft(1)));
      const failing = folder(draft(1), draft(2), draft(3, { up: 'SELECT 1 / 0;' }));
      await expect(migrate(client, tool, failing)).rejects.toThrow('division by zero');
      const after = await look(client, tool, folder(draft(1)));
      expect(after.rows).toEqual(before.rows);
      expect(await tables(client)).toEqual(['t1']);
    });
  });

  it('reads from a file that it is not to run in a transaction', () => {
    const { migrations, problems } = tool.read(folder(draft(1, { outside: true }), draft(2)), {});
    expect(problems).toEqual([]);
    expect(migrations.map(({ transactional }) => transactional)).toEqual([!expected.saysOutside, true]);
  });

  it('rolls back in reverse, takes the rows away, and can go on again', async () => {
    await inDatabase(async (client) => {
      await migrate(client, tool, folder(...THREE), options);
      await rollBack(client, tool, folder(...THREE), { kept: 1, options });
      expect(await states(client, tool, folder(...THREE))).toEqual(['applied', 'pending', 'pending']);
      expect(await tables(client)).toEqual(['t1']);
      await rollBack(client, tool, folder(draft(1)), { kept: 0, options });
      await migrate(client, tool, folder(...THREE), options);
      expect(await states(client, tool, folder(...THREE))).toEqual(['applied', 'applied', 'applied']);
    });
  });

  it('waits for the tool’s own lock', async () => {
    await inDatabase(async (client, url) => {
      const { place } = await look(client, tool, folder(...THREE));
      const keys = tool.record
        .lock(place)
        .flatMap(({ text, params }) => (text.includes('advisory') ? [params[0]] : []));
      for (const key of keys) {
        await withClient(url, async (other) => {
          await other.query('SELECT pg_advisory_lock($1::bigint)', [key]);
          await client.query("SET lock_timeout = '50ms'");
          await expect(migrate(client, tool, folder(...THREE))).rejects.toMatchObject({ code: '55P03' });
        });
      }
      expect(keys.length > 0).toBe(!['dbmate', 'drizzle', 'liquibase'].includes(name));
    });
  });

  it('takes its lock in a table that has lost its row', async () => {
    await inDatabase(async (client) => {
      if (name !== 'liquibase') return;
      await migrate(client, tool, folder(draft(1)));
      await client.query('DELETE FROM databasechangeloglock');
      await migrate(client, tool, folder(...THREE));
      const { rows } = await client.query('SELECT id, locked FROM databasechangeloglock');
      expect(rows).toEqual([{ id: 1, locked: false }]);
    });
  });

  it('takes no table of another shape for its history', async () => {
    await inDatabase(async (client) => {
      const { place } = await look(client, tool, folder(...THREE));
      if (!place.schemaExists) await client.query(`CREATE SCHEMA ${place.schema}`);
      await client.query(
        `CREATE TABLE ${place.schema}.${place.table} (version bigint PRIMARY KEY, inserted_at timestamp)`,
      );
      const { assessment } = await look(client, tool, folder(...THREE));
      expect(assessment.problems).toMatchObject([{ message: expect.stringMatching(/is no history of/) }]);
      expect(assessment.pending).toEqual([]);
    });
  });

  it('keeps its history where it is told to', async () => {
    await inDatabase(async (client) => {
      await client.query('CREATE SCHEMA own');
      const elsewhere = { schema: 'own', table: 'my history' };
      await migrate(client, tool, folder(draft(1)), elsewhere);
      const { place, assessment } = await look(client, tool, folder(draft(1)), elsewhere);
      expect(place).toMatchObject({ schema: 'own', table: 'my history' });
      expect(assessment.statuses.map(({ state }) => state)).toEqual(['applied']);
      await takeSteps(client, tool.record.lock(place));
    });
  });
});

async function states(
  client: pg.Client,
  tool: MigrationTool,
  files: readonly FolderFile[],
): Promise<SourceFileState[]> {
  const { assessment } = await look(client, tool, files);
  expect(assessment.problems).toEqual([]);
  return assessment.statuses.map(({ state }) => state);
}

async function tables(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ relname: string }>(
    "SELECT relname FROM pg_class WHERE relname ~ '^t[0-9]$' AND relkind = 'r' ORDER BY relname",
  );
  return rows.map(({ relname }) => relname);
}

async function inDatabase(work: (client: pg.Client, url: string) => Promise<void>): Promise<void> {
  const [server] = testServers().targets;
  if (server === undefined) throw new Error('there is no target server');
  const { url } = await createDatabase(server);
  await withClient(url, (client) => work(client, url));
}
