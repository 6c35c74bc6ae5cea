import { findPgBouncer, Sandbox, type PgBouncer, type PgBouncerOptions } from '@eden/sandbox';
import { atEndOfFile } from './test-file.js';
import { testServers } from './test-servers.js';

/**
 * False, said aloud, where no PgBouncer is found and none can be installed: the one in front of the control database is a way
 * that few installations go.
 */
export async function hasPgBouncer(): Promise<boolean> {
  try {
    await findPgBouncer();
    return true;
  } catch (error) {
    process.stderr.write(`\nNO POOLER IN FRONT OF THE CONTROL DATABASE IS TESTED HERE: ${(error as Error).message}\n`);
    return false;
  }
}

/** A PgBouncer of this test file's own, in front of a server that is the file's own or the one of all control databases. */
export async function startPgBouncer({
  server = testServers().control,
  ...options
}: Omit<PgBouncerOptions, 'server' | 'name'> & Partial<PgBouncerOptions>): Promise<PgBouncer> {
  const sandbox = await Sandbox.create(testServers().filesDirectory);
  // Behind the processes that go through it, which are started later.
  atEndOfFile(() => sandbox.stop());
  return sandbox.startPgBouncer({ name: 'pgbouncer', ...options, server });
}
