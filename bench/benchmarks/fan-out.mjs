import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFleet, renewFleet, query, someAtATime, tableSteps } from '../harness/fleet.mjs';
import { InProcess } from '../harness/in-process.mjs';
import { OurFleet } from '../harness/ours.mjs';
import { FLOOR, PEERS, writeSteps } from '../harness/peers.mjs';
import { alternate, median, spread } from '../harness/rounds.mjs';
import { round, withService } from '../harness/service.mjs';

const settings = { rounds: 3, databases: 24, servers: 2, steps: 20, rowsPerStep: 100, concurrency: 4 };

export const benchmark = {
  description: '24 databases × 20 steps (table, index, 100 rows), 4 at a time: milliseconds until all are there',
  settings,
  run: () => withService(measure, { workers: 0 }),
};

async function measure(service) {
  const { clusters, client } = service;
  const names = Array.from({ length: settings.databases }, (_, n) => `fan_${n}`);
  const fleet = await createFleet([clusters.first, clusters.second], names);
  const steps = tableSteps(settings.steps);
  const folder = await mkdtemp(join(tmpdir(), 'eden-bench-'));
  const ours = await OurFleet.describe(client, fleet, steps);
  try {
    const sides = { ...peerSides(fleet, steps, folder), ...ourSides(service, ours) };
    const figures = await alternate(Object.keys(sides), settings.rounds, async (side) => {
      await renewFleet(fleet);
      const milliseconds = await sides[side]();
      await assertComplete(fleet);
      return milliseconds;
    });
    return report(figures);
  } finally {
    await rm(folder, { recursive: true });
  }
}

function peerSides(fleet, steps, folder) {
  const tools = { ...(FLOOR && { 'psql, one transaction (floor)': FLOOR }), ...PEERS };
  return Object.fromEntries(
    Object.entries(tools).map(([name, tool]) => {
      const files = writeSteps(tool, join(folder, name.split(',')[0]), steps);
      return [`${name} ${tool.version}`, () => timed(() => migrateAll(tool, fleet, files, steps))];
    }),
  );
}

async function migrateAll(tool, fleet, files, steps) {
  const results = await someAtATime(fleet, settings.concurrency, ({ url }) => tool.migrate(url, files, steps));
  const failed = results.find(({ status }) => status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

/** The clock starts when the plan is there: nobody else makes one. */
function ourSides({ stack, env, client }, ours) {
  let migrations = 0;
  const create = () => ours.create(`fan_out_${(migrations += 1)}`, { max_parallel: settings.concurrency });
  const inProcess = (twoPhase) => async () => {
    const process = InProcess.open(env, { maxParallel: settings.concurrency, twoPhase });
    try {
      const id = await create();
      await process.consume(await ours.request(id, 'sync'));
      const run = await ours.request(id, 'migrate');
      return await timed(() => process.consume(run));
    } finally {
      await process.close();
    }
  };
  return {
    'ours, COMMIT in each database': inProcess(false),
    'ours, two-phase commit': inProcess(true),
    'ours, over HTTP and the queue': async () => {
      const worker = await stack.startWorker(env);
      const id = await create();
      await client.post(`/migrations/${id}/sync`);
      const milliseconds = await timed(() => client.post(`/migrations/${id}/migrate`));
      await worker.kill();
      return milliseconds;
    },
  };
}

async function timed(work) {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

async function assertComplete(fleet) {
  for (const { name, url } of fleet) {
    const [{ rows }] = await query(url, `SELECT count(*)::int AS rows FROM step_${settings.steps}`);
    if (rows !== settings.rowsPerStep) throw new Error(`${name} was not migrated`);
  }
}

function report(figures) {
  const isPeer = (side) => !side.startsWith('ours') && !side.startsWith('psql');
  const fastest = Math.min(...[...figures].filter(([side]) => isPeer(side)).map(([, values]) => median(values)));
  return [...figures].map(([side, values]) => ({
    side,
    ...spread('ms', values),
    ratio_to_fastest_peer: round(median(values) / fastest),
  }));
}
