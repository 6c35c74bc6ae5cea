import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createFleet, query, renewFleet } from '../harness/fleet.mjs';
import { watchPeak } from '../harness/memory.mjs';
import { findProgram } from '../harness/programs.mjs';
import { alternate, median, spread } from '../harness/rounds.mjs';
import { round, withService } from '../harness/service.mjs';

const settings = { rounds: 3, tables: 200, statements: 11_000 };

export const benchmark = {
  description: 'a file of 11 000 statements, 800 KB, as it is: milliseconds until its transaction has committed',
  settings,
  run: () => withService(measure),
};

async function measure(service) {
  const [database] = await createFleet([service.clusters.first], ['script']);
  const text = scriptText();
  await service.client.post('/endpoints', { id: 'script', kind: 'Postgres', config: { url: database.url } });
  const ours = await describe(service.client, text);
  const psql = findProgram('psql');
  const sides = {
    ...(psql && { 'psql, one transaction (floor)': () => timed(() => runPsql(psql, database.url, text)) }),
    'ours, migrate over HTTP and the queue': async () => {
      const id = await ours.synced();
      return timed(() => ours.migrate(id));
    },
  };
  const peak = watchPeak(service.worker.pid);
  let peakMib = 0;
  const figures = await alternate(Object.keys(sides), settings.rounds, async (side) => {
    await renewFleet([database]);
    const milliseconds = await sides[side]();
    await assertComplete(database);
    return milliseconds;
  }).finally(() => (peakMib = peak.stop()));
  return report(figures, { ours, peakMib });
}

/** Tables with their columns, indexes and comments, and rows in them; 73 bytes a statement on the average. */
function scriptText() {
  const tables = Array.from({ length: settings.tables }, (_, at) => at + 1).flatMap((n) => [
    `CREATE TABLE item_${n} (id integer PRIMARY KEY, name text NOT NULL, price numeric DEFAULT 0);`,
    `ALTER TABLE item_${n} ADD COLUMN note text DEFAULT 'nothing; yet';`,
    `CREATE INDEX item_${n}_name ON item_${n} (name);`,
    `COMMENT ON TABLE item_${n} IS 'Table number ${n}, which has a comment of its own';`,
  ]);
  const rows = Array.from({ length: settings.statements - tables.length }, (_, at) => {
    const table = (at % settings.tables) + 1;
    return `INSERT INTO item_${table} (id, name) VALUES (${at}, 'row number ${at}');`;
  });
  return [...tables, ...rows].join('\n');
}

async function describe(client, query) {
  const template = { endpoint: 'script', kind: 'Write', template: { syntax: 'sql', query } };
  const times = { create: [], sync: [] };
  times.create.push(await timed(() => client.post('/templates', { id: 'script', template })));
  let migrations = 0;
  return {
    times,
    async synced() {
      const id = `script_${(migrations += 1)}`;
      await client.post('/apis', { id, fields: [], bindings: [] });
      await client.post('/migrations', { id });
      await client.post(`/migrations/${id}/add_api`, { id, bindings: [{ template: 'script' }] });
      times.sync.push(await timed(() => client.post(`/migrations/${id}/sync`)));
      return id;
    },
    migrate: (id) => client.post(`/migrations/${id}/migrate`),
  };
}

async function runPsql(program, url, text) {
  const args = ['-X', '-q', '-1', '-v', 'ON_ERROR_STOP=1', '-o', '/dev/null', '-d', url, '-f', '-'];
  const psql = spawn(program, args, { stdio: ['pipe', 'ignore', 'inherit'] });
  psql.stdin.end(text);
  const [code] = await once(psql, 'exit');
  if (code !== 0) throw new Error(`psql ended with ${code}`);
}

async function assertComplete({ url }) {
  const [{ rows }] = await query(url, `SELECT count(*)::int AS rows FROM item_${settings.tables}`);
  if (rows !== (settings.statements - 4 * settings.tables) / settings.tables) throw new Error('the file has not run');
}

async function timed(work) {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

function report(figures, { ours, peakMib }) {
  const [floor] = figures.values();
  const sides = [...figures].map(([side, values]) => ({
    side,
    ...spread('ms', values),
    ratio: round(median(values) / median(floor)),
  }));
  const before = Object.entries(ours.times).map(([step, values]) => ({
    side: `ours, ${step}, which checks it all`,
    ...spread('ms', values),
  }));
  return [...sides, ...before, { side: 'worker, most memory in MiB', ms: peakMib }];
}
