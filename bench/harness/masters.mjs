import { join } from 'node:path';
import { Sandbox } from '../../packages/sandbox/dist/index.js';

/** Gives `work` the URLs of three Redis servers of our own. */
export async function withMasters(work) {
  const sandbox = await Sandbox.create(join(import.meta.dirname, '..', '..', '.eden'));
  try {
    const servers = await Promise.all(['one', 'two', 'three'].map((name) => sandbox.startRedis({ name })));
    return await work(servers.map(({ url }) => url));
  } finally {
    await sandbox.stop();
  }
}
