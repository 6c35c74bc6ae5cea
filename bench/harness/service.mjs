import { Client } from '../../demo/dist/client.js';
import { Stack, demoEnvironment } from '../../demo/dist/stack.js';

const USER = { username: 'bench', password: 'bench-password' };

/**
 * The service as in production: one gateway, one worker, PostgreSQL with fsync, Redis. `work` gets a logged-in client.
 * With `workers: 0` it starts its own, by `stack` and `env`. `targets` are settings of the targets' servers.
 */
export async function withService(work, { workers = 1, variables = {}, targets = {} } = {}) {
  const stack = await Stack.create();
  try {
    const clusters = await stack.startClusters(targets);
    const env = { ...demoEnvironment(clusters, await stack.startRedis()), LOG_LEVEL: 'warn', ...variables };
    await stack.deploySchema(env);
    const gateway = await stack.startGateway(env);
    const [worker] = await Promise.all(Array.from({ length: workers }, () => stack.startWorker(env)));
    const client = await loggedIn(gateway, env);
    return await work({ client, gateway, worker, clusters, stack, env });
  } finally {
    await stack.stop();
  }
}

/** A client of a new organization. */
export async function loggedIn(gateway, { NEW_ORG_TOKEN }) {
  const anonymous = new Client(gateway.url);
  await anonymous.withToken(NEW_ORG_TOKEN).post('/new', { id: 'bench', super_admins: [USER] });
  return anonymous.login('bench', USER.username, USER.password);
}

/** Median, 99th percentile, least and greatest of some durations. */
export function summarize(durationsMs) {
  const sorted = [...durationsMs].sort((a, b) => a - b);
  const at = (share) => round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]);
  return { median_ms: at(0.5), p99_ms: at(0.99), min_ms: at(0), max_ms: at(1) };
}

export function round(value) {
  return Math.round(value * 100) / 100;
}
