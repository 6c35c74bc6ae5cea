import { expect } from '@jest/globals';
import type { ApiResponse, Cluster, TestDatabase } from '@eden/testkit';
import { eventually, testServers } from '@eden/testkit';
import { CustomerWorld, rowsOf } from '../customers/customer-world.js';
import { Pauses } from '../customers/pause.js';

interface RunBody {
  readonly data: readonly { readonly uuid: string; readonly state: string; readonly attempt: number }[];
}

/** Migrations that write their name into one table: a run that was lost is missing there, a doubled one stands twice. */
export class JournalWorld {
  private constructor(
    readonly customers: CustomerWorld,
    readonly database: TestDatabase,
    /** Each migration pauses before it writes, if there is a pause of its name. */
    readonly pauses: Pauses,
  ) {}

  static async create(cluster: Cluster): Promise<JournalWorld> {
    const customers = await CustomerWorld.create(cluster);
    const { database } = await customers.addDatabase(testServers().targets[0], 'db');
    await rowsOf(database, 'CREATE TABLE journal (name text)');
    const pauses = await Pauses.install(database);
    await customers.addTemplate('write', 'db', 'SELECT pause({{name}}); INSERT INTO journal VALUES ({{name}})');
    return new JournalWorld(customers, database, pauses);
  }

  /** Migrations that are synced. */
  async prepare(names: readonly string[]): Promise<void> {
    for (const name of names) {
      await this.customers.addApi(name);
      await this.customers.accept('/migrations', { id: name, parameters: { name } });
      const bindings = [{ template: 'write', fields: { name: 'migration.name' } }];
      await this.customers.accept(`/migrations/${name}/add_api`, { id: name, bindings });
      await this.customers.accept(`/migrations/${name}/sync`);
    }
  }

  migrate(name: string): Promise<ApiResponse<unknown>> {
    return this.customers.client.post(`/migrations/${name}/migrate`, {}, { prefer: 'respond-async' });
  }

  /** Each of the migrations is completed, by one run, and happened once. */
  async expectOnce(names: readonly string[]): Promise<void> {
    for (const name of names) {
      await eventually(async () => expect(await this.runs(name)).toMatchObject([{ state: 'succeeded' }]));
    }
    expect(await this.journal(names)).toEqual([...names].sort());
  }

  /** The migrate runs, the latest first. */
  async runs(name: string): Promise<RunBody['data']> {
    const { body } = await this.customers.client.get<RunBody>(`/migrations/${name}/runs`);
    return body.data.filter((run) => 'kind' in run && run.kind === 'migrate');
  }

  private async journal(names: readonly string[]): Promise<unknown[]> {
    const rows = await rowsOf(this.database, 'SELECT name FROM journal ORDER BY name');
    return rows.map(({ name }) => name).filter((name) => names.includes(String(name)));
  }
}
