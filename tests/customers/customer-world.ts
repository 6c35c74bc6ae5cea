import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ApiClient, Cluster, PostgresAddress, TestDatabase } from '@eden/testkit';
import { createDatabase, withClient } from '@eden/testkit';

const LIBRARY = join(import.meta.dirname, '..', '..', 'templates', 'customer-migration');

/** The customers table of the guide, with some names that want quoting. */
const CUSTOMERS = `
  CREATE TABLE customers (id bigint PRIMARY KEY, name text NOT NULL, email text, created_at timestamptz NOT NULL DEFAULT now());
  INSERT INTO customers (id, name, email)
  SELECT n, 'O''Brien "' || n || '" \\', 'customer' || n || '@example.org' FROM generate_series(1, 2500) AS n;`;

/** A database with customers in it, and the endpoint that reaches it. */
export interface CustomerDatabase {
  readonly database: TestDatabase;
  readonly endpoint: string;
}

/** One organization with its templates, over any number of customer databases. */
export class CustomerWorld {
  constructor(
    readonly cluster: Cluster,
    readonly client: ApiClient,
    /** Id of the organization. */
    readonly organization: string,
  ) {}

  static async create(cluster: Cluster): Promise<CustomerWorld> {
    const { client, id } = await cluster.createOrganization();
    return new CustomerWorld(cluster, client, id);
  }

  /** The same organization as another gateway serves it. */
  at(gatewayUrl: string): CustomerWorld {
    return new CustomerWorld(this.cluster, this.client.at(gatewayUrl), this.organization);
  }

  async addDatabase(server: PostgresAddress, endpoint: string): Promise<CustomerDatabase> {
    const database = await createDatabase(server);
    await withClient(database.url, (client) => client.query(CUSTOMERS));
    await this.accept('/endpoints', { id: endpoint, kind: 'Postgres', config: { url: database.url } });
    return { database, endpoint };
  }

  /** The starter library, as it is shipped, on one endpoint. */
  async installLibrary(endpoint: string): Promise<void> {
    for (const file of readdirSync(LIBRARY).sort()) {
      const body = JSON.parse(readFileSync(join(LIBRARY, file), 'utf8')) as { template: object };
      await this.accept('/templates', { ...body, template: { ...body.template, endpoint } });
    }
  }

  async addApi(id: string, fields: object[] = [], bindings: object[] = []): Promise<void> {
    await this.accept('/apis', { id, fields, bindings });
  }

  /** A template of one statement. */
  async addTemplate(id: string, endpoint: string, query: string, more: object = {}): Promise<void> {
    const { kind = 'Write', ...settings } = more as { kind?: string };
    await this.accept('/templates', {
      id,
      template: { endpoint, endpoint_kind: 'Postgres', kind, template: { query } },
      ...settings,
    });
  }

  /** POST that must succeed. */
  async accept<Body = Record<string, unknown>>(path: string, body: object = {}): Promise<Body> {
    const answer = await this.client.post<Body>(path, body);
    if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }
}

/** Rows of one query in a target. */
export function rowsOf(target: TestDatabase, sql: string): Promise<Record<string, unknown>[]> {
  return withClient(target.url, async (client) => (await client.query<Record<string, unknown>>(sql)).rows);
}
