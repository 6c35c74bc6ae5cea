import { expect } from '@jest/globals';
import type { ApiResponse, Cluster, TestDatabase } from '@eden/testkit';
import { eventually, testServers } from '@eden/testkit';
import { CustomerWorld, isAsleep, rowsOf } from '../customers/customer-world.js';

interface RunBody {
  readonly data: readonly { readonly uuid: string; readonly state: string; readonly attempt: number }[];
}

/** Migrations that write their name into one table: a run that was lost is missing there, a doubled one stands twice. */
export class JournalWorld {
  private constructor(
    readonly customers: CustomerWorld,
    readonly database: TestDatabase,
  ) {}

  static async create(cluster: Cluster): Promise<JournalWorld> {
    const customers = await CustomerWorld.create(cluster);
    const { database } = await customers.addDatabase(testServers().targets[0], 'db');
    await rowsOf(database, 'CREATE TABLE journal (name text)');
    const sleep = 'SELECT pg_sleep(CASE WHEN {{attempt}} = 1 THEN {{seconds}} ELSE 0 END)';
    await customers.addTemplate('write', 'db', `${sleep}; INSERT INTO journal VALUES ({{name}})`);
    return new JournalWorld(customers, database);
  }

  /** Migrations that are synced; the first attempt at each takes the given time. */
  async prepare(names: readonly string[], seconds = 0): Promise<void> {
    for (const name of names) {
      await this.customers.addApi(name);
      await this.customers.accept('/migrations', { id: name, parameters: { name, seconds } });
      const fields = { name: 'migration.name', seconds: 'migration.seconds', attempt: 'migration.attempt' };
      await this.customers.accept(`/migrations/${name}/add_api`, {
        id: name,
        bindings: [{ template: 'write', fields }],
      });
      await this.customers.accept(`/migrations/${name}/sync`);
    }
  }

  migrate(name: string): Promise<ApiResponse<unknown>> {
    return this.customers.client.post(`/migrations/${name}/migrate`, {}, { prefer: 'respond-async' });
  }

  /** Each of the migrations is completed, by one run, and happened once. */
  async expectOnce(names: readonly string[]): Promise<void> {
    for (const name of names) {
      await eventually(async () => expect(await this.runs(name)).toMatchObject([{ state: 'succeeded' }]), {
        timeoutMs: 60_000,
      });
    }
    expect(await this.journal(names)).toEqual([...names].sort());
  }

  /** The migrate runs, the latest first. */
  async runs(name: string): Promise<RunBody['data']> {
    const { body } = await this.customers.client.get<RunBody>(`/migrations/${name}/runs`);
    return body.data.filter((run) => 'kind' in run && run.kind === 'migrate');
  }

  /** The statement of a migration is being carried out. */
  isAtWork(): Promise<void> {
    return isAsleep(this.database);
  }

  private async journal(names: readonly string[]): Promise<unknown[]> {
    const rows = await rowsOf(this.database, 'SELECT name FROM journal ORDER BY name');
    return rows.map(({ name }) => name).filter((name) => names.includes(String(name)));
  }
}
