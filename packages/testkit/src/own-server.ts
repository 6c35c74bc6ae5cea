import { Sandbox } from '@eden/sandbox';
import { atVeryEndOfFile } from './test-file.js';
import { testServers, type PostgresAddress } from './test-servers.js';

const MANY = { max_connections: '300', deadlock_timeout: '200ms' };

/** A cluster of this test file's own with settings of its own. */
export async function startServer(name: string, settings: Readonly<Record<string, string>>): Promise<PostgresAddress> {
  const sandbox = await Sandbox.create(testServers().filesDirectory);
  // Databases are dropped before.
  atVeryEndOfFile(() => sandbox.stop());
  const { host, port, superuser } = await sandbox.startPostgres({
    name,
    durable: false,
    settings: { ...MANY, ...settings },
  });
  return { name, host, port, ...superuser };
}

/** One that prepares no transactions, as PostgreSQL comes by default. */
export function startUnpreparedServer(): Promise<PostgresAddress> {
  return startServer('unprepared', { max_prepared_transactions: '0' });
}
