import { randomBytes } from 'node:crypto';
import type { Cluster, TestDatabase } from '@eden/testkit';
import { createDatabase, testServers } from '@eden/testkit';
import { CustomerWorld } from '../customers/customer-world.js';
import { Pauses } from '../customers/pause.js';
import type { Login } from './browser.js';

export interface File {
  readonly path: string;
  readonly text: string;
}

const TABLE = (name: string): File => ({
  path: '20240101000000_table.sql',
  text: `-- migrate:up
CREATE TABLE ${name} (id bigint PRIMARY KEY, name text, email text);
INSERT INTO ${name} SELECT n, 'name ' || n, 'a' || (n % 990) || '@example.org' FROM generate_series(1, 2000) n;
-- migrate:down
`,
});

/** Markup and worse, wherever somebody may write what they like. */
export const HOSTILE = `<img src=x onerror="alert(1)"><script>alert(2)</script>{{constructor}}\u202e`;

/** A file that says `SELECT pause('…')`: it stays at work until the test lets it go on. */
export const PAUSED = (name: string): File => ({
  path: '20240201000000_paused.sql',
  text: `-- migrate:up\nSELECT pause('${name}');\n-- migrate:down\n`,
});

/** Fails in its last statement, on line 5. */
const UNIQUE = (comment: string): File => ({
  path: '20240301000000_email_unique.sql',
  text: `-- migrate:up
ALTER TABLE customers ADD COLUMN verified boolean NOT NULL DEFAULT false;
-- ${comment}
UPDATE customers SET name = trim(name) WHERE id < 10;
ALTER TABLE customers ADD CONSTRAINT customers_email UNIQUE (email);
-- migrate:down
`,
});

/** An organization with releases in several states, and people of each level who read them. */
export class UiWorld {
  private constructor(
    readonly world: CustomerWorld,
    readonly admin: Login,
    readonly databases: Readonly<Record<'customers' | 'orders', TestDatabase>>,
    readonly pauses: Pauses,
  ) {}

  static async create(cluster: Cluster): Promise<UiWorld> {
    const world = await CustomerWorld.create(cluster);
    const { targets } = testServers();
    const [customers, orders] = [await createDatabase(targets[0]), await createDatabase(targets[1])];
    for (const [id, { url }] of Object.entries({ customers, orders })) {
      await world.accept('/endpoints', { id, kind: 'Postgres', config: { url } });
    }
    const admin = await addUser(world, 'ann', 'SuperAdmin');
    return new UiWorld(world, admin, { customers, orders }, await Pauses.install(customers));
  }

  get url(): string {
    return this.world.client.gatewayUrl;
  }

  /** The same, whose releases somebody else makes. */
  async madeBy({ organization, username, password }: Login): Promise<UiWorld> {
    const { world, admin, databases, pauses } = this;
    const client = await world.client.logIn(organization, username, password);
    return new UiWorld(new CustomerWorld(world.cluster, client, organization), admin, databases, pauses);
  }

  addUser(username: string, level: string): Promise<Login> {
    return addUser(this.world, username, level);
  }

  /** A migration with a folder for each database; not synced. */
  async release(
    id: string,
    description: string,
    folders: Readonly<Record<string, readonly File[]>>,
    options: object = {},
  ): Promise<void> {
    await this.world.accept('/migrations', { id, description, options });
    for (const [endpoint, files] of Object.entries(folders)) await this.putSource(id, endpoint, files);
  }

  async putSource(id: string, endpoint: string, files: readonly File[]): Promise<void> {
    const source = { endpoint, tool: 'dbmate', files };
    const { status, body } = await this.world.client.put(`/migrations/${id}/sources/${endpoint}`, source);
    if (status >= 300) throw new Error(`source refused: ${status} ${JSON.stringify(body)}`);
  }

  /** Asks for it and waits; whatever comes of it. */
  async run(id: string, kind: 'sync' | 'migrate' | 'rollback'): Promise<void> {
    await this.world.client.post(`/migrations/${id}/${kind}`, {}, { prefer: 'wait=60' });
  }

  /** One that is done, one that has failed, one that waits to be run. `words` are those of somebody who wrote what they liked. */
  async fill(words = HOSTILE): Promise<void> {
    const [customers, orders] = [TABLE('customers'), TABLE('orders')];
    await this.release('shop-1', 'The tables of the shop', { customers: [customers], orders: [orders] });
    await this.run('shop-1', 'sync');
    await this.run('shop-1', 'migrate');
    await this.release('shop-2', words, { customers: [customers, UNIQUE(words)] });
    await this.run('shop-2', 'sync');
    await this.run('shop-2', 'migrate');
    await this.release('shop-3', 'Orders get a note', {
      orders: [
        orders,
        {
          path: '20240401000000_note.sql',
          text: '-- migrate:up\nALTER TABLE orders ADD COLUMN note text;\n-- migrate:down\n',
        },
      ],
    });
    await this.world.client.post('/migrations/shop-3/sync', { rehearse: true }, { prefer: 'wait=60' });
  }
}

async function addUser({ client, organization }: CustomerWorld, username: string, level: string): Promise<Login> {
  const password = randomBytes(18).toString('base64url');
  const { status, body } = await client.post('/iam/users', { username, password, access_level: level });
  if (status >= 300) throw new Error(`user refused: ${status} ${JSON.stringify(body)}`);
  return { organization, username, password };
}
