import { setTimeout as pause } from 'node:timers/promises';
import { createFleet, query } from '../harness/fleet.mjs';
import { OurFleet } from '../harness/ours.mjs';
import { round, withService } from '../harness/service.mjs';
import { until } from '../harness/waiting.mjs';

/** A shorter one, to see that it works: `EDEN_BENCH_WINDOW_MS=2000`. */
const milliseconds = Number(process.env.EDEN_BENCH_WINDOW_MS ?? 20_000);
const settings = { targets: [1, 50], settleMs: milliseconds / 2, milliseconds };

/** How many of each, one after the other; targets only ever become more. */
const SHAPES = [
  { workers: 1, gateways: 1, targets: 1 },
  { workers: 2, gateways: 1, targets: 1 },
  { workers: 4, gateways: 1, targets: 1 },
  { workers: 8, gateways: 1, targets: 1 },
  { workers: 1, gateways: 4, targets: 1 },
  { workers: 1, gateways: 8, targets: 1 },
  { workers: 1, gateways: 1, targets: 50 },
  { workers: 8, gateways: 1, targets: 50 },
  { workers: 8, gateways: 8, targets: 50 },
];
const [BASE] = SHAPES;
/** Of each kind of thing, the shape that says what one more costs. */
const LARGEST = { workers: SHAPES[3], gateways: SHAPES[5], targets: SHAPES[6] };
const FIGURES = ['commits_per_second', 'control_connections', 'target_sessions_per_second'];

export const benchmark = {
  description: 'what the service asks of its control database and its targets while there is nothing to do',
  settings: { ...settings, shapes: SHAPES },
  run: () => withService(measure, { workers: 0, variables: { RATE_LIMIT_PER_MINUTE: '0' } }),
};

async function measure(service) {
  const names = Array.from({ length: Math.max(...settings.targets) }, (_, at) => `idle_${at + 1}`);
  const fleet = await createFleet([service.clusters.first], names);
  const crew = new Crew(service);
  const measured = new Map();
  let known = 0;
  for (const shape of SHAPES) {
    await crew.become(shape);
    if (shape.targets > known) await migrate(service.client, fleet.slice(known, shape.targets));
    known = shape.targets;
    measured.set(shape, await rest(service.clusters));
  }
  await crew.become({ workers: 0, gateways: 1 });
  return SHAPES.map((shape) => ({ idle: describe(shape), ...besideTheLine(shape, measured) }));
}

/** As many workers and gateways as a shape has; the first gateway is the service's own. */
class Crew {
  workers = [];
  gateways = [];

  constructor({ stack, env }) {
    this.start = { workers: () => stack.startWorker(env), gateways: () => stack.startGateway(env) };
  }

  async become({ workers, gateways }) {
    await this.#resize('workers', workers);
    await this.#resize('gateways', gateways - 1);
  }

  async #resize(kind, count) {
    while (this[kind].length > count) await this[kind].pop().stop();
    while (this[kind].length < count) this[kind].push(await this.start[kind]());
  }
}

/** Databases are looked after once they have taken part in a migration. */
async function migrate(client, fleet) {
  const ours = await OurFleet.describe(client, fleet, ['CREATE TABLE idle AS SELECT 1 AS n']);
  const id = await ours.create(`idle_${fleet[0].name}`);
  for (const kind of ['sync', 'migrate']) {
    const uuid = await ours.request(id, kind);
    await until(async () => (await ours.run(uuid)).state === 'succeeded', `${kind} of ${fleet.length} databases`);
  }
}

/** The server tells what a session has done some seconds later: what is not told yet at both ends is about the same. */
async function rest(clusters) {
  await pause(settings.settleMs);
  const [before, startedAt] = [await counted(clusters), performance.now()];
  await pause(settings.milliseconds);
  const after = await counted(clusters);
  const seconds = (performance.now() - startedAt) / 1_000;
  return {
    commits_per_second: (after.commits - before.commits) / seconds,
    control_connections: after.connections,
    target_sessions_per_second: (after.sessions - before.sessions) / seconds,
    target_connections: after.open,
  };
}

async function counted({ control, first }) {
  const ofControl = `SELECT xact_commit::float AS commits, numbackends AS connections FROM pg_stat_database WHERE datname = 'postgres'`;
  const ofTargets = `SELECT sum(sessions)::float AS sessions, sum(numbackends)::int AS open FROM pg_stat_database WHERE datname LIKE 'idle%'`;
  const [[asked], [opened]] = await Promise.all([
    query(control.url('template1'), ofControl),
    query(first.url('template1'), ofTargets),
  ]);
  return { ...asked, ...opened };
}

/** Each figure, and its share of what it would be if each further process and target cost the same as any other. */
function besideTheLine(shape, measured) {
  const found = measured.get(shape);
  const shown = FIGURES.flatMap((figure) => {
    const value = (of) => measured.get(of)[figure];
    const cost = (kind) => (value(LARGEST[kind]) - value(BASE)) / (LARGEST[kind][kind] - BASE[kind]);
    const line = Object.keys(LARGEST).reduce((sum, kind) => sum + cost(kind) * (shape[kind] - BASE[kind]), value(BASE));
    return [
      [figure, round(found[figure])],
      [`${figure}_of_line`, round(found[figure] / line)],
    ];
  });
  const { workers } = shape;
  return {
    ...Object.fromEntries(shown),
    target_connections: found.target_connections,
    commits_per_worker: round(found.commits_per_second / workers),
  };
}

function describe({ workers, gateways, targets }) {
  return `${workers} workers, ${gateways} gateways, ${targets} targets`;
}
