import { setTimeout as delay } from 'node:timers/promises';
import { expect } from '@jest/globals';
import type { FolderFile, SourceTool } from '@eden/domain';
import type { Cluster, TestDatabase } from '@eden/testkit';
import { createDatabase, eventually, testServers } from '@eden/testkit';
import { writeFolder } from '../../packages/sources/src/testing/folders.js';
import { CustomerWorld, rowsOf } from '../customers/customer-world.js';

interface Folder {
  readonly source: string;
  readonly tool: SourceTool;
  /** The number of its database. */
  readonly database: 0 | 1;
  /** How many files its tool says have run. */
  readonly history: string;
}

/** Two of them share a database. */
const FOLDERS: readonly Folder[] = [
  { source: 'users', tool: 'prisma', database: 0, history: '_prisma_migrations WHERE finished_at IS NOT NULL' },
  { source: 'invoices', tool: 'dbmate', database: 0, history: 'schema_migrations' },
  { source: 'orders', tool: 'flyway', database: 1, history: 'flyway_schema_history WHERE success' },
];

/** What one folder has in its database. */
interface Standing {
  readonly source: string;
  readonly tables: number;
  readonly rows: number;
}

interface Answer<Data> {
  readonly data: Data;
}

interface RunView {
  readonly state: string;
  readonly attempt: number;
}

const PACE_MS = 20;

/** Folders of three tools over two databases, which get one more file each with every release: a table `<source>_<n>`. */
export class SourceWorld {
  private release = 0;

  private constructor(
    private readonly customers: CustomerWorld,
    private readonly databases: readonly [TestDatabase, TestDatabase],
  ) {}

  static async create(cluster: Cluster): Promise<SourceWorld> {
    const customers = await CustomerWorld.create(cluster);
    const [first, second] = testServers().targets;
    const databases = [await createDatabase(first), await createDatabase(second)] as const;
    for (const [n, { url }] of databases.entries()) {
      await customers.accept('/endpoints', { id: `db_${n}`, kind: 'Postgres', config: { url } });
    }
    return new SourceWorld(customers, databases);
  }

  /** The next release, synced; where it fails, the last file of the last folder does. */
  async nextRelease({ fails = false } = {}): Promise<string> {
    const migration = `shop_${(this.release += 1)}`;
    await this.customers.accept('/migrations', { id: migration });
    await this.putFolders(migration, fails);
    return migration;
  }

  /** The folders as they are when nothing is wrong with them, into a release that has failed. */
  async mend(migration: string): Promise<void> {
    await this.putFolders(migration, false);
  }

  private async putFolders(migration: string, fails: boolean): Promise<void> {
    for (const folder of FOLDERS) {
      const form = formOf(folder, this.filesOf(folder, fails && folder === FOLDERS.at(-1)));
      const { status, body } = await this.customers.client.put(
        `/migrations/${migration}/sources/${folder.source}`,
        form,
      );
      if (status >= 300) throw new Error(`${folder.source}: ${status} ${JSON.stringify(body)}`);
    }
    await this.customers.accept(`/migrations/${migration}/sync`);
  }

  private filesOf({ source, tool }: Folder, fails: boolean): FolderFile[] {
    const numbers = Array.from({ length: this.release }, (_, at) => at + 1);
    const upOf = (number: number): string => `CREATE TABLE ${source}_${number} (id int);`;
    const drafts = numbers.map((number) => ({ number, title: `${source}_${number}`, up: upOf(number) }));
    return writeFolder(
      tool,
      drafts.map((draft) =>
        fails && draft.number === this.release ? { ...draft, up: `${draft.up}\nSELECT 1 / 0;` } : draft,
      ),
    );
  }

  async start(migration: string): Promise<string> {
    const path = `/migrations/${migration}/migrate`;
    const { status, headers } = await this.customers.client.post(path, {}, { prefer: 'respond-async' });
    expect(status).toBe(202);
    return String(headers.get('location')?.split('/').at(-1));
  }

  async endOf(run: string): Promise<RunView> {
    return eventually(
      async () => {
        const { data } = (await this.customers.client.get<Answer<RunView>>(`/runs/${run}`)).body;
        if (!['succeeded', 'failed', 'in_doubt'].includes(data.state)) throw new Error(JSON.stringify(data));
        return data;
      },
      { intervalMs: 50 },
    );
  }

  /** What every folder has, each database as one snapshot sees it. */
  async standings(): Promise<Standing[]> {
    const looks = this.databases.map((database, n) => {
      const lines = FOLDERS.filter((folder) => folder.database === n).map(
        ({ source, history }) =>
          `SELECT '${source}' AS source, (SELECT count(*)::int FROM pg_tables WHERE tablename ~ '^${source}_[0-9]+$') AS tables,
                  (SELECT count(*)::int FROM ${history}) AS rows`,
      );
      return rowsOf(database, lines.join(' UNION ALL '));
    });
    return (await Promise.all(looks)).flat() as unknown as Standing[];
  }

  /** Looks again and again until it is stopped; answers where tables and history of a folder did not agree. */
  watch(): { stop(): Promise<Standing[]> } {
    const torn: Standing[] = [];
    let stopped = false;
    const look = async (): Promise<void> => {
      while (!stopped) {
        torn.push(...(await this.standings()).filter(({ tables, rows }) => tables !== rows));
        await delay(PACE_MS);
      }
    };
    const looking = look();
    const stop = async (): Promise<Standing[]> => {
      stopped = true;
      await looking;
      return torn;
    };
    return { stop };
  }

  /** All folders have this many files in their databases and histories, and nothing of a run keeps others waiting. */
  async expectQuiet(files: number): Promise<void> {
    expect(await this.standings()).toEqual(FOLDERS.map(({ source }) => ({ source, tables: files, rows: files })));
    await eventually(async () => expect(await this.leftovers()).toEqual([]));
  }

  /** Prepared transactions, sessions, and locks of tools. */
  private async leftovers(): Promise<unknown[]> {
    const sql = `
      SELECT gid AS what FROM pg_prepared_xacts WHERE database = current_database()
      UNION ALL
      SELECT application_name FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'eden/%'
      UNION ALL
      SELECT 'advisory lock' FROM pg_locks l JOIN pg_database d ON d.oid = l.database
       WHERE d.datname = current_database() AND l.locktype = 'advisory' AND l.mode = 'ExclusiveLock'`;
    return (await Promise.all(this.databases.map((database) => rowsOf(database, sql)))).flat();
  }
}

function formOf({ tool, database }: Folder, files: readonly FolderFile[]): FormData {
  const form = new FormData();
  form.append('source', JSON.stringify({ endpoint: `db_${database}`, tool }));
  for (const { path, bytes } of files) form.append('files', new Blob([new Uint8Array(bytes)]), path);
  return form;
}
