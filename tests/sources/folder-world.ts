import { createEndpoint, createMigration, putSource } from '@eden/coordinator';
import type { FolderFile, MigrationOptions, Run, SourceOptions, SourceTool } from '@eden/domain';
import type { TestDatabase } from '@eden/testkit';
import { createDatabase, testServers, withClient } from '@eden/testkit';
import { RunWorld } from '../runs/run-world.js';

/** One folder of a migration and its database. */
export interface Folder {
  readonly tool: SourceTool | 'auto';
  readonly files: readonly FolderFile[];
  readonly options?: SourceOptions;
}

/** As many databases as are asked for, each reached through an endpoint of the id `shop-<n>`. */
export class FolderWorld {
  private constructor(
    readonly runs: RunWorld,
    readonly databases: readonly TestDatabase[],
  ) {}

  static async create(count: number, env: Readonly<Record<string, string>> = {}): Promise<FolderWorld> {
    const runs = await RunWorld.create(env);
    const { targets } = testServers();
    const databases: TestDatabase[] = [];
    for (let at = 0; at < count; at += 1) {
      const database = await createDatabase(targets[at % 2 === 0 ? 0 : 1]);
      const config = { url: database.url };
      await createEndpoint(runs.deps, runs.subject, { id: `shop-${at}`, kind: 'Postgres', description: null, config });
      databases.push(database);
    }
    return new FolderWorld(runs, databases);
  }

  /** A migration of these folders, the n-th for the n-th database. */
  async migration(id: string, folders: readonly Folder[], options: MigrationOptions = {}): Promise<void> {
    const { deps, subject } = this.runs;
    await createMigration(deps, subject, { id, description: null, parameters: {}, options });
    for (const [at, folder] of folders.entries()) await this.put(id, at, folder);
  }

  put(migration: string, at: number, { tool, files, options = {} }: Folder) {
    const { deps, subject } = this.runs;
    const place = { migration, source: `shop-${at}` };
    return putSource(deps, subject, place, { endpoint: `shop-${at}`, tool, files, options, stage: 0 });
  }

  async run(id: string, kind: 'sync' | 'migrate' | 'rollback'): Promise<Run> {
    return this.runs.finish(await this.runs.request(id, kind));
  }

  query(at: number, sql: string): Promise<readonly Record<string, unknown>[]> {
    const database = this.databases[at];
    if (database === undefined) throw new Error('there is no such database');
    return withClient(database.url, async (client) => (await client.query(sql)).rows);
  }

  /** Names of the tables beside `_eden` and beside the histories. */
  async tables(at: number): Promise<string[]> {
    const rows = await this.query(
      at,
      `SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
         AND relname !~ 'migrations|flyway|goose|changelog' ORDER BY relname`,
    );
    return rows.map(({ relname }) => String(relname));
  }

  close(): Promise<void> {
    return this.runs.close();
  }
}
