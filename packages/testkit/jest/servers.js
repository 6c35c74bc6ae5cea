import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Sandbox } from '@eden/sandbox';

const DIRECTORY = join(import.meta.dirname, '..', '..', '..', '.eden', 'test');
const POSTGRES_SETTINGS = { max_connections: '300', deadlock_timeout: '200ms' };

/** @type {{ sandbox: Sandbox, filesDirectory: string, users: number } | undefined} */
let running;

/** One set of servers for the whole Jest run, whatever number of projects asks. Tests find it in EDEN_TEST_SERVERS. */
export async function acquireServers() {
  if (running === undefined) {
    const sandbox = await Sandbox.create(DIRECTORY);
    const filesDirectory = join(sandbox.folder, 'files');
    running = { sandbox, filesDirectory, users: 0 };
    process.env.EDEN_TEST_SERVERS = JSON.stringify({ filesDirectory, ...(await startServers(sandbox)) });
  }
  running.users += 1;
}

/** Stops the servers with their last user. Throws when a test file has left processes behind. */
export async function releaseServers() {
  if (running === undefined || (running.users -= 1) > 0) return;
  const { sandbox, filesDirectory } = running;
  running = undefined;
  const leaked = await leftBehind(filesDirectory);
  await sandbox.stop();
  if (leaked.length > 0) throw new Error(`Tests left processes behind: ${leaked.join(', ')}`);
}

async function startServers(sandbox) {
  const [control, firstTarget, secondTarget, redis] = await Promise.all([
    startPostgres(sandbox, 'control'),
    startPostgres(sandbox, 'target-1'),
    startPostgres(sandbox, 'target-2'),
    sandbox.startRedis({ name: 'redis' }),
  ]);
  return { control, targets: [firstTarget, secondTarget], redisUrl: redis.url };
}

async function startPostgres(sandbox, name) {
  const { host, port, superuser } = await sandbox.startPostgres({ name, durable: false, settings: POSTGRES_SETTINGS });
  return { name, host, port, ...superuser };
}

/** A test file that ended well has stopped its own sandbox, and its folder is gone. */
async function leftBehind(directory) {
  const entries = await readdir(directory, { recursive: true }).catch(() => []);
  return entries.filter((name) => name.endsWith('.log'));
}
