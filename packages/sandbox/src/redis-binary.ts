import { findServer } from './server-package.js';

/**
 * EDEN_REDIS_BIN, else `redis-server` (or `valkey-server`) from PATH, else root installs it from its system's packages.
 * @throws with the one command that helps.
 */
export function findRedis(): Promise<string> {
  return findServer({
    programs: ['redis-server', 'valkey-server'],
    variable: 'EDEN_REDIS_BIN',
    packages: { 'apt-get': 'redis-server', dnf: 'redis', apk: 'redis', brew: 'redis' },
  });
}
