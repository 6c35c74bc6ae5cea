import { rowsOf } from '../customers/customer-world.js';
import type { UiWorld } from './ui-world.js';
import { HOSTILE } from './ui-world.js';

/** Nobody listens there; the service has to be allowed to call it. */
export const DEAF_HOST = 'hooks.example.com';

/** What people define and who may do what: of every kind some. */
export async function describeApplication({ world }: UiWorld): Promise<void> {
  await world.addTemplate(
    'list_customers',
    'customers',
    'SELECT id, name FROM customers WHERE id > {{after}} LIMIT {{limit}}',
    {
      kind: 'Read',
      description: HOSTILE,
      defaults: { limit: 3 },
    },
  );
  await world.addTemplate('rename_customer', 'customers', 'UPDATE customers SET name = {{name}} WHERE id = {{id}}', {
    rollback: { query: 'SELECT {{id}}' },
  });
  await world.accept('/apis', {
    id: 'customers',
    description: HOSTILE,
    fields: [{ name: 'page.after', type: 'Number', required: true, description: 'To go on behind' }],
    bindings: [{ template: 'list_customers', fields: { after: 'page.after' } }],
  });
  await world.accept('/apis', {
    id: 'rename',
    fields: [
      { name: 'id', type: 'Number', required: true },
      { name: 'name', type: 'String', required: true },
    ],
    bindings: [{ template: 'rename_customer', fields: { id: 'id', name: 'name' } }],
  });
  await world.accept('/iam/robots', {
    username: 'ci',
    access_level: 'Write',
    scopes: ['read', 'execute'],
    expires_in: 86_400,
  });
  await world.accept('/iam/hooks', { id: 'deploy', migrations: ['shop-3'], actions: ['sync'] });
  await world.accept('/iam/rbac/apis/rename/subjects', { subjects: [['ci', 'None']] });
}

/** What waits for somebody: a plan, two databases that somebody has changed by hand, who is told and does not listen. */
export async function leaveToBeDone(ui: UiWorld): Promise<void> {
  const { world, databases } = ui;
  const file = { path: '20240501000000_archive.sql', text: '-- migrate:up\nDROP TABLE orders;\n-- migrate:down\n' };
  await ui.release('shop-4', 'Orders are archived', { orders: [file] }, { approval: true });
  await ui.run('shop-4', 'sync');
  await world.accept('/iam/rbac/migrations/shop-4/subjects', { subjects: [['ci', 'Admin']] });
  for (const [name, database] of Object.entries(databases)) {
    await rowsOf(database, `CREATE DOMAIN amount AS numeric(12, 2); ALTER TABLE ${name} ALTER email TYPE varchar(80)`);
  }
  await world.accept('/iam/revocations', { subject: 'auth0|5f7c8ec7', reason: 'Has left' });
  const hook = { url: `http://${DEAF_HOST}/hooks/secret`, events: ['run.failed', 'approval.wanted'] };
  const { data } = await world.accept<{ data: { uuid: string } }>('/iam/webhooks', hook);
  await world.accept(`/iam/webhooks/${data.uuid}/test`);
}
