import { Agent, request } from 'node:http';
import autocannon from 'autocannon';
import { residentMib, watchPeak } from '../harness/memory.mjs';
import { round, summarize, withService } from '../harness/service.mjs';

const agent = new Agent({ keepAlive: true, maxSockets: 1 });

const settings = { migrations: 1_000, requests: 2_000, connections: 64, load_seconds: 20 };

export const benchmark = {
  description:
    'GET /migrations/{m} one after the other with 1 000 migrations stored; then under load, with the gateway’s memory',
  settings,
  // Who asks thousands of times a second is no tenant.
  run: () => withService(measure, { variables: { RATE_LIMIT_PER_MINUTE: '0' } }),
};

async function measure({ client, gateway }) {
  for (let n = 0; n < settings.migrations; n += 1) await client.post('/migrations', { id: `migration_${n}` });
  await sequential(client, 200);
  const durations = await sequential(client, settings.requests);
  const atRest = residentMib(gateway.pid);
  const load = await underLoad(gateway, client.token);
  const failed = load.errors + load.non2xx;
  if (failed > 0) throw new Error(`${failed} answers were no 200`);
  return [
    { side: 'one after the other', ...summarize(durations), resident_mib: atRest },
    {
      side: `${settings.connections} connections`,
      median_ms: load.latency.p50,
      p99_ms: load.latency.p99,
      requests_per_second: round(load.requests.average),
      resident_mib: load.peakMib,
    },
  ];
}

async function sequential(client, count) {
  const durations = [];
  for (let n = 0; n < count; n += 1) {
    const startedAt = performance.now();
    await getOnce(client, `/migrations/migration_${n % settings.migrations}`);
    durations.push(performance.now() - startedAt);
  }
  return durations;
}

/** Over one kept-alive connection, without the work that fetch does for its caller. */
function getOnce({ url, token }, path) {
  return new Promise((resolve, reject) => {
    const options = { agent, headers: { authorization: `Bearer ${token}` } };
    const asked = request(`${url}/api/v1${path}`, options, (answer) => {
      if (answer.statusCode !== 200) reject(new Error(`${path}: ${answer.statusCode}`));
      answer.on('end', resolve).resume();
    });
    asked.on('error', reject).end();
  });
}

async function underLoad({ url, pid }, token) {
  const watch = watchPeak(pid);
  const result = await autocannon({
    url: `${url}/api/v1/migrations/migration_500`,
    connections: settings.connections,
    duration: settings.load_seconds,
    headers: { authorization: `Bearer ${token}` },
  });
  return { ...result, peakMib: watch.stop() };
}
