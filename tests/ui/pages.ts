import type { Reader } from './browser.js';

/** A page as it is opened in both themes and on a phone, held to axe, and pictured. */
export interface PageCase {
  /** Of the picture. */
  readonly name: string;
  /** Of the dashboard; `{run}` is a run of `shop-1`. */
  readonly place: string;
  /** What is there once it has been read. */
  readonly shows: string;
  /** What is done before the picture is taken. */
  readonly then?: (reader: Reader) => Promise<void>;
}

async function askToApprove({ page }: Reader): Promise<void> {
  await page.getByRole('button', { name: 'Approve' }).click();
  await page.getByRole('dialog').getByText('The plan with the hash').waitFor();
}

export const PAGE_CASES: readonly PageCase[] = [
  { name: 'migrations', place: '/', shows: 'shop-2' },
  { name: 'migrations-none', place: '/?q=nothing', shows: 'Nothing fits these filters' },
  { name: 'migration-failed', place: '/migrations/shop-2', shows: 'ADD CONSTRAINT' },
  {
    name: 'migration-step',
    place: '/migrations/shop-1',
    shows: 'asked for a migrate',
    then: ({ page }) => page.getByRole('table', { name: 'Steps' }).getByRole('button').first().click(),
  },
  {
    name: 'migration-plan',
    place: '/migrations/shop-2/plan',
    shows: '20240301000000_email_unique.sql',
    then: ({ page }) => page.getByText('20240301000000_email_unique.sql').click(),
  },
  { name: 'migration-sources', place: '/migrations/shop-2/sources', shows: '20240301000000_email_unique.sql' },
  {
    name: 'migration-file',
    place: '/migrations/shop-2/sources',
    shows: '20240301000000_email_unique.sql',
    then: async ({ page }) => {
      await page.getByRole('button', { name: '20240301000000_email_unique.sql' }).click();
      await page.getByRole('dialog').getByText('ADD CONSTRAINT').waitFor();
    },
  },
  { name: 'migration-history', place: '/migrations/shop-2/history', shows: 'Migrate' },
  { name: 'migration-settings', place: '/migrations/shop-1/settings', shows: 'shop-1.customers' },
  {
    name: 'migration-confirm',
    place: '/migrations/shop-1',
    shows: 'asked for a migrate',
    then: async ({ page }) => {
      await page.getByRole('button', { name: 'Roll back' }).click();
      await page.getByRole('dialog').getByText('reverse order').waitFor();
    },
  },
  {
    name: 'migration-rehearsed',
    place: '/migrations/shop-3/plan',
    shows: 'Rehearsed',
    then: async ({ page }) => {
      await page.getByText('in the rehearsal').click();
      await page.getByText('AccessExclusiveLock').first().waitFor();
    },
  },
  { name: 'migration-drift', place: '/migrations/shop-1/drift', shows: '2 databases: customers, orders' },
  { name: 'migration-approve', place: '/migrations/shop-4', shows: 'Awaits approval', then: askToApprove },
  { name: 'migration-grants', place: '/grants/migrations/shop-4', shows: 'ci' },
  { name: 'runs', place: '/runs', shows: 'shop-2' },
  { name: 'run', place: '/runs/{run}', shows: 'asked for a migrate' },
  { name: 'endpoints', place: '/endpoints', shows: 'customers' },
  {
    name: 'endpoint',
    place: '/endpoints/customers',
    shows: 'list_customers',
    then: async ({ page }) => {
      await page.getByRole('button', { name: 'Test the connection' }).click();
      await page.getByText('Answers in').waitFor();
    },
  },
  {
    name: 'endpoint-new',
    place: '/endpoints',
    shows: 'customers',
    then: async ({ page }) => {
      await page.getByRole('button', { name: 'New endpoint' }).click();
      await page.getByLabel('By fields').check();
    },
  },
  {
    name: 'endpoints-tested',
    place: '/endpoints',
    shows: 'customers',
    then: async ({ page }) => {
      await page.getByRole('button', { name: 'Test these' }).click();
      await page.getByText(/\d+ of \d+ answer/).waitFor();
      await page.getByRole('button', { name: 'Test these' }).waitFor();
    },
  },
  { name: 'endpoint-unknown', place: '/endpoints/nothing', shows: 'Endpoint not found' },
  { name: 'templates', place: '/templates', shows: 'list_customers' },
  { name: 'template', place: '/templates/rename_customer', shows: 'SELECT {{id}}' },
  {
    name: 'template-editor',
    place: '/templates/rename_customer/edit',
    shows: 'What it becomes',
    then: async ({ page }) => {
      await page.getByLabel('Values for the preview').fill('{ "id": 7, "name": "O\'Brien" }');
      await page.getByText("'O''Brien'").waitFor();
      await page.getByText('Nothing dangerous found').waitFor();
    },
  },
  { name: 'apis', place: '/apis', shows: 'rename' },
  {
    name: 'api',
    place: '/apis/customers',
    shows: 'To go on behind',
    then: async ({ page }) => {
      await page.getByRole('button', { name: 'Run it' }).click();
      await page.getByText('3 rows').waitFor();
    },
  },
  {
    name: 'api-editor',
    place: '/apis/customers/edit',
    shows: 'Add a field',
    then: async ({ page }) => {
      await page.getByRole('button', { name: 'Add a field' }).click();
      await page.keyboard.type('page..size');
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
      await page.getByText('is not a field name').first().waitFor();
    },
  },
  { name: 'api-new', place: '/new/api', shows: 'Add a binding' },
  { name: 'grants', place: '/grants/apis/rename', shows: 'kept from it' },
  { name: 'grants-none', place: '/grants/endpoints/orders', shows: 'There are no grants' },
  { name: 'audit', place: '/audit?actor=admin', shows: 'hook.create' },
  {
    name: 'audit-verified',
    place: '/audit?subject=rename',
    shows: 'grants.put',
    then: async ({ page }) => {
      await page.getByRole('button', { name: 'Verify' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Verify' }).click();
      await page.getByText('Intact: nothing was found').waitFor();
    },
  },
  { name: 'users', place: '/users', shows: 'ann' },
  { name: 'user', place: '/users/ann', shows: 'What they have done' },
  { name: 'revocations', place: '/revocations', shows: 'auth0|5f7c8ec7' },
  { name: 'robots', place: '/robots', shows: 'ci' },
  { name: 'robot', place: '/robots/ci', shows: 'Execute: runs templates' },
  {
    name: 'robot-new',
    place: '/robots',
    shows: 'ci',
    then: ({ page }) => page.getByRole('button', { name: 'New robot' }).click(),
  },
  { name: 'hooks', place: '/hooks', shows: 'deploy' },
  { name: 'hook', place: '/hooks/deploy', shows: 'Where it is called' },
  { name: 'webhooks', place: '/webhooks', shows: 'hooks.example.com' },
  {
    name: 'webhook',
    place: '/webhooks',
    shows: 'hooks.example.com',
    then: async ({ page }) => {
      await page.getByRole('link', { name: 'hooks.example.com' }).click();
      await page.getByText('webhook.test').waitFor();
    },
  },
  {
    name: 'webhook-new',
    place: '/webhooks',
    shows: 'hooks.example.com',
    then: ({ page }) => page.getByRole('button', { name: 'New webhook' }).click(),
  },
  {
    name: 'keys',
    place: '/',
    shows: 'shop-2',
    then: async (reader) => {
      await reader.press('?');
      await reader.page.getByRole('dialog').getByText('Next row').waitFor();
    },
  },
  { name: 'nowhere', place: '/no/such/page', shows: 'There is no page' },
];
