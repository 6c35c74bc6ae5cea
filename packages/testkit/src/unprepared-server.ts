import { Sandbox } from '@eden/sandbox';
import { atVeryEndOfFile } from './test-file.js';
import { testServers, type PostgresAddress } from './test-servers.js';

const NAME = 'unprepared';

/** A cluster of this test file's own that prepares no transactions, as PostgreSQL comes by default. */
export async function startUnpreparedServer(): Promise<PostgresAddress> {
  const sandbox = await Sandbox.create(testServers().filesDirectory);
  // Databases are dropped before.
  atVeryEndOfFile(() => sandbox.stop());
  const settings = { max_prepared_transactions: '0', max_connections: '300', deadlock_timeout: '200ms' };
  const { host, port, superuser } = await sandbox.startPostgres({ name: NAME, durable: false, settings });
  return { name: NAME, host, port, ...superuser };
}
