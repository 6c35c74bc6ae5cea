import { randomBytes } from 'node:crypto';
import process from 'node:process';
import { describeAccess, type Access } from './access.js';
import { Client } from './client.js';
import { describeApplication, describeMigration, MIGRATIONS } from './scenario.js';
import type { Clusters } from './stack.js';
import { Stack, demoEnvironment } from './stack.js';
import { NAME_WIDTH, Steps, seconds } from './steps.js';
import type { TableSummary, Target } from './targets.js';
import { columnExists, generateCustomers, generateOrders, summarize, tableExists } from './targets.js';

const CUSTOMER_COLUMNS = 'id, name, email, created_at';
const LOGIN = { organization: 'demo', username: 'admin', password: randomBytes(9).toString('base64url') };

/** What the demo proved, as it is printed at the end. */
interface Proof {
  readonly source: TableSummary;
  readonly backup: TableSummary;
  readonly copy: TableSummary;
  readonly cents: TableSummary;
  readonly totals: TableSummary;
  readonly afterFailure: number;
}

/** The guide's migration over two clusters: once with a failure at its very end, once without. */
export class Demo {
  private readonly steps = new Steps();
  private stack: Stack | null = null;
  private access: Access | null = null;

  async run(): Promise<void> {
    const { steps } = this;
    const stack = (this.stack = await Stack.create());
    const clusters = await steps.run('Starting three PostgreSQL clusters', () => stack.startClusters());
    const redisUrl = await steps.run('Starting Redis', () => stack.startRedis());
    const env = demoEnvironment(clusters, redisUrl);
    const targets = targetsOf(clusters);
    await steps.run('Applying the control schema', () => stack.deploySchema(env));
    const url = await steps.run('Starting gateway and worker', async () => {
      const [gateway] = await Promise.all([stack.startGateway(env), stack.startWorker(env)]);
      return gateway.url;
    });
    const newOrganizationToken = env.NEW_ORG_TOKEN;
    this.access = { url, login: LOGIN, newOrganizationToken, ...targets };
    const client = await createOrganization(url, newOrganizationToken);
    print(await this.migrate(client, targets));
    printTimes(steps);
  }

  /** Prints how to reach the service, which stays up or is about to stop. */
  printAccess({ stays }: { readonly stays: boolean }): void {
    if (this.access !== null) process.stdout.write(describeAccess(this.access, stays));
  }

  /** Keeps the demo up; rejects when a part of it ends by itself. */
  async watch(): Promise<void> {
    await this.stack?.watch();
  }

  async describeLogs(): Promise<string> {
    return this.stack === null ? '' : this.stack.describeLogs();
  }

  async stop(): Promise<void> {
    await this.stack?.stop();
  }

  private async migrate(client: Client, { first, second }: { first: Target; second: Target }): Promise<Proof> {
    const { steps } = this;
    await steps.run('Generating customers and orders', () =>
      Promise.all([generateCustomers(first), generateOrders(second)]),
    );
    await steps.run('Describing endpoints, templates and APIs', () => describeApplication(client, first, second));
    const afterFailure = await this.failOnce(client, first, second);
    await this.succeed(client);
    return steps.run('Comparing row counts and checksums', () => verify(first, second, afterFailure));
  }

  /** The second API's last check fails: nothing may have changed in either cluster. Answers how many databases did. */
  private async failOnce(client: Client, first: Target, second: Target): Promise<number> {
    const id = MIGRATIONS.failing;
    return this.steps.run('Migrating, and failing in the last statement', async (report) => {
      await describeMigration(client, id, -1);
      await client.post(`/migrations/${id}/sync`);
      report(0.4);
      const { error } = await client.refused(`/migrations/${id}/migrate`);
      if (error !== 'Migration execution failed') throw new Error(`unexpected answer: ${String(error)}`);
      report(0.9);
      const changed = [await tableExists(first, 'customers_v2'), await columnExists(second, 'orders', 'total')];
      const count = changed.filter(Boolean).length;
      if (count > 0) throw new Error(`${count} of 2 databases changed although the migration failed`);
      await client.delete(`/migrations/${id}`);
      return count;
    });
  }

  private async succeed(client: Client): Promise<void> {
    const id = MIGRATIONS.good;
    await this.steps.run('Creating customer_schema_v2 and adding both APIs', () => describeMigration(client, id, 0));
    await this.steps.run('Syncing', () => client.post(`/migrations/${id}/sync`));
    await this.steps.run('Migrating both clusters', () => client.post(`/migrations/${id}/migrate`));
  }
}

async function createOrganization(url: string, newOrganizationToken: string): Promise<Client> {
  const anonymous = new Client(url);
  await anonymous.withToken(newOrganizationToken).post('/new', {
    id: LOGIN.organization,
    super_admins: [{ username: LOGIN.username, password: LOGIN.password }],
  });
  return anonymous.login(LOGIN.organization, LOGIN.username, LOGIN.password);
}

function targetsOf({ first, second }: Clusters): { first: Target; second: Target } {
  return {
    first: { name: 'first cluster', url: first.url() },
    second: { name: 'second cluster', url: second.url() },
  };
}

/** @throws Error when a copy is not what its source is */
async function verify(first: Target, second: Target, afterFailure: number): Promise<Proof> {
  const source = await summarize(first, 'customers', CUSTOMER_COLUMNS);
  const backup = await summarize(first, 'customers_backup_v1', CUSTOMER_COLUMNS);
  const copy = await summarize(first, 'customers_v2', CUSTOMER_COLUMNS);
  const cents = await summarize(second, 'orders', 'id, (cents / 100.0)::numeric(12, 2)');
  const totals = await summarize(second, 'orders', 'id, total');
  assertEqual(source, backup);
  assertEqual(source, copy);
  assertEqual(cents, totals);
  return { source, backup, copy, cents, totals, afterFailure };
}

function assertEqual(source: TableSummary, copy: TableSummary): void {
  if (source.rows === copy.rows && source.checksum === copy.checksum) return;
  throw new Error(`the copy differs from its source: ${JSON.stringify({ source, copy })}`);
}

function print({ source, backup, copy, cents, totals, afterFailure }: Proof): void {
  const line = (name: string, { rows, checksum }: TableSummary): string =>
    `  ${name.padEnd(34)} ${String(rows).padStart(7)} rows  md5 ${checksum}\n`;
  process.stdout.write(
    '\nProved:\n' +
      `  after the failure                  ${afterFailure} of 2 databases changed\n` +
      line('first cluster  customers', source) +
      line('first cluster  customers_backup_v1', backup) +
      line('first cluster  customers_v2', copy) +
      line('second cluster orders.cents / 100', cents) +
      line('second cluster orders.total', totals) +
      '  after the migration                2 of 2 databases changed, each copy equal to its source\n',
  );
}

function printTimes({ times }: Steps): void {
  const total = times.reduce((sum, { durationMs }) => sum + durationMs, 0);
  const lines = [...times, { name: 'Total', durationMs: total }];
  process.stdout.write(
    `\nTime:\n${lines.map(({ name, durationMs }) => `  ${name.padEnd(NAME_WIDTH)} ${seconds(durationMs)}\n`).join('')}`,
  );
}
