import { createFleet, query, renewFleet } from '../harness/fleet.mjs';
import { watchPeak } from '../harness/memory.mjs';
import { spread } from '../harness/rounds.mjs';
import { withService } from '../harness/service.mjs';

const settings = { bindings: Number(process.env.EDEN_BENCH_BINDINGS ?? 5_000), rounds: 1 };

export const benchmark = {
  description: 'one API of 5 000 bindings, each a statement as it is: milliseconds of each step, and memory',
  settings,
  run: () => withService(measure),
};

async function measure({ client, worker, clusters }) {
  const [database] = await createFleet([clusters.first], ['bindings']);
  await client.post('/endpoints', { id: 'bindings', kind: 'Postgres', config: { url: database.url } });
  const template = {
    endpoint: 'bindings',
    kind: 'Write',
    template: { syntax: 'sql', query: 'INSERT INTO item DEFAULT VALUES;' },
  };
  await client.post('/templates', { id: 'insert', template });
  const times = { add_api: [], sync: [], migrate: [], 'GET /runs/{run}': [], 'GET /migrations/{m}/runs': [] };
  const peak = watchPeak(worker.pid);
  try {
    for (let round = 0; round < settings.rounds; round += 1) {
      await renewFleet([database]);
      await query(database.url, 'CREATE TABLE item (id int GENERATED ALWAYS AS IDENTITY)');
      await measureOnce(client, `bindings_${round}`, times);
      const [{ rows }] = await query(database.url, 'SELECT count(*)::int AS rows FROM item');
      if (rows !== settings.bindings) throw new Error(`${rows} bindings have run`);
    }
  } finally {
    times['worker, most memory in MiB'] = [peak.stop()];
  }
  return Object.entries(times).map(([step, values]) => ({ step, ...spread('ms', values) }));
}

async function measureOnce(client, id, times) {
  const bindings = Array.from({ length: settings.bindings }, () => ({ template: 'insert' }));
  await client.post('/apis', { id });
  await client.post('/migrations', { id });
  times.add_api.push(await timed(() => client.post(`/migrations/${id}/add_api`, { id, bindings })));
  times.sync.push(await timed(() => done(client, `/migrations/${id}/sync`)));
  times.migrate.push(await timed(() => done(client, `/migrations/${id}/migrate`)));
  const { run } = (await client.get(`/migrations/${id}`)).data;
  times['GET /runs/{run}'].push(await timed(() => client.get(`/runs/${run.uuid}`)));
  times['GET /migrations/{m}/runs'].push(await timed(() => client.get(`/migrations/${id}/runs`)));
}

/** However long it takes: the answer may come before the end. */
async function done(client, path) {
  const migration = path.split('/')[2];
  await client.post(path);
  for (;;) {
    const { run } = (await client.get(`/migrations/${migration}`)).data;
    if (run.state === 'succeeded') return;
    if (['failed', 'cancelled'].includes(run.state)) throw new Error(JSON.stringify(run.error));
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

async function timed(work) {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}
