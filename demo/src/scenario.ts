import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from './client.js';
import type { Target } from './targets.js';

const LIBRARY = join(import.meta.dirname, '..', '..', 'templates', 'customer-migration');
const MIGRATION = 'customer_schema_v2';

/** Endpoints, templates and APIs: what an application has before its first migration. */
export async function describeApplication(client: Client, first: Target, second: Target): Promise<void> {
  await client.post('/endpoints', { id: 'customers_db', kind: 'Postgres', config: { url: first.url } });
  await client.post('/endpoints', { id: 'orders_db', kind: 'Postgres', config: { url: second.url } });
  for (const file of readdirSync(LIBRARY)) {
    const body = JSON.parse(readFileSync(join(LIBRARY, file), 'utf8')) as { template: object };
    await client.post('/templates', { ...body, template: { ...body.template, endpoint: 'customers_db' } });
  }
  await addOrdersTemplates(client);
  await client.post('/apis', { id: 'customer_data_migration_api', fields: [], bindings: [] });
  await client.post('/apis', {
    id: 'orders_api',
    fields: [{ name: 'id', type: 'Number', required: true }],
    bindings: [{ template: 'read_order', fields: { id: 'id' } }],
  });
}

async function addOrdersTemplates(client: Client): Promise<void> {
  const template = (id: string, kind: string, query: string, settings: object = {}): Promise<unknown> =>
    client.post('/templates', {
      id,
      template: { endpoint: 'orders_db', endpoint_kind: 'Postgres', kind, template: { query } },
      ...settings,
    });
  await template('read_order', 'Read', 'SELECT * FROM orders WHERE id = {{id}}');
  await template('add_order_totals', 'Write', 'ALTER TABLE orders ADD COLUMN total numeric(12, 2)');
  await template('fill_order_totals', 'Write', 'UPDATE orders SET total = cents / 100.0');
  await template('verify_order_totals', 'Read', 'SELECT count(*) = {{missing}} FROM orders WHERE total IS NULL', {
    expect: { value: true },
  });
}

/** The guide's migration, with a second API on the second cluster. `missing` other than 0 makes its last check fail. */
export async function describeMigration(client: Client, id: string, missing: number): Promise<void> {
  await client.post('/migrations', { id, description: 'Migrate customer table to new schema with additional fields' });
  await client.post(`/migrations/${id}/add_api`, {
    id: 'customer_data_migration_api',
    bindings: [
      { template: 'backup_customer_data', fields: { source_table: 'customers', backup_table: 'customers_backup_v1' } },
      { template: 'transform_customer_schema', fields: { source_table: 'customers', target_table: 'customers_v2' } },
    ],
  });
  await client.post(`/migrations/${id}/add_api`, {
    id: 'orders_api',
    bindings: [
      { template: 'add_order_totals', fields: {} },
      { template: 'fill_order_totals', fields: {} },
      { template: 'verify_order_totals', fields: { missing } },
    ],
  });
}

export const MIGRATIONS = { failing: `${MIGRATION}_that_fails`, good: MIGRATION } as const;
