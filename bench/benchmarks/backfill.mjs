import { loadavg } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { query } from '../harness/fleet.mjs';
import { watchCourse } from '../harness/memory.mjs';
import { round, summarize, withService } from '../harness/service.mjs';
import { until } from '../harness/waiting.mjs';

const settings = {
  sizes: (process.env.EDEN_BENCH_ROWS ?? '300000,1000000,3000000').split(',').map(Number),
  batch: 10_000,
  foreground: { connections: 4, everyMs: 5 },
  quietMs: 3_000,
};

const LIMIT = 'one INSERT … SELECT';
const LOOP = 'a PL/pgSQL loop';
const OFFSET = 'batches by OFFSET';
const OURS = 'ours';
/** Its cost grows with the square of the rows. */
const MOST_ROWS = { [OFFSET]: 300_000 };

const ROWS = 'SELECT id, upper(name) AS name, cents / 100.0 AS amount FROM source';
const COPY = `INSERT INTO target ${ROWS}`;

export const benchmark = {
  description: 'copy and transform rows in batches that commit one by one, with readers beside it',
  settings,
  run: () => withService(measure, { workers: 0 }),
};

async function measure({ client, clusters, stack, env }) {
  const url = await createDatabase(clusters.first);
  await describeBackfill(client, url);
  const sides = { [LIMIT]: () => query(url, COPY), [LOOP]: () => loop(url), [OFFSET]: () => byOffset(url) };
  const figures = [];
  for (const rows of settings.sizes) {
    await fill(url, rows);
    const quiet = await quietly(url);
    let limitMs = null;
    // One that has done nothing yet: what another size has left in its memory would hide what this one needs.
    const worker = await stack.startWorker(env);
    for (const [side, work] of [...Object.entries(sides), [OURS, () => migrate(client, rows)]]) {
      if (rows > (MOST_ROWS[side] ?? rows)) continue;
      if (side === OURS) await prepare(client, rows);
      const measured = await once(url, side === OURS ? worker.pid : null, work);
      limitMs ??= measured.ms;
      figures.push(describe({ side, rows, quiet, limitMs, ...measured }));
    }
    await worker.stop();
  }
  return figures;
}

async function createDatabase(server) {
  await query(server.url(), 'CREATE DATABASE backfill');
  return `${server.url('backfill')}?sslmode=disable`;
}

async function describeBackfill(client, url) {
  await client.post('/endpoints', { id: 'backfill', kind: 'Postgres', config: { url } });
  const copy = `${COPY} WHERE id > {{batch.after}} ORDER BY id LIMIT {{batch.size}} RETURNING id`;
  await client.post('/templates', {
    id: 'copy',
    template: { endpoint: 'backfill', endpoint_kind: 'Postgres', kind: 'Write', template: { query: copy } },
    batch: { size: settings.batch, commit: 'each' },
    rollback: { query: 'TRUNCATE target' },
  });
  await client.post('/apis', { id: 'copies', fields: [], bindings: [] });
}

async function fill(url, rows) {
  await query(
    url,
    `DROP TABLE IF EXISTS source, target;
     CREATE TABLE source (id bigint PRIMARY KEY, name text NOT NULL, cents bigint NOT NULL);
     INSERT INTO source SELECT n, 'Customer ' || n, n * 7 % 10000 FROM generate_series(1, ${rows}) AS n;
     CREATE TABLE target (id bigint PRIMARY KEY, name text NOT NULL, amount numeric NOT NULL)`,
  );
  await query(url, 'VACUUM ANALYZE source');
}

/** Each side begins with an empty table, and nothing of the one before to be written. */
async function once(url, pid, work) {
  await query(url, 'TRUNCATE target');
  await query(url, 'CHECKPOINT');
  const readers = startReaders(url);
  const memory = pid === null ? null : watchCourse(pid);
  const beganAt = performance.now();
  await work();
  const ms = performance.now() - beganAt;
  const latencies = await readers.stop();
  const [{ copied }] = await query(url, 'SELECT count(*)::int AS copied FROM target');
  return { ms, latencies, copied, memory: memory?.stop() ?? null };
}

function loop(url) {
  return query(
    url,
    `DO $$ DECLARE last bigint := 0; BEGIN LOOP
       WITH copied AS (${COPY} WHERE id > last ORDER BY id LIMIT ${settings.batch} RETURNING id)
       SELECT max(id) INTO last FROM copied;
       EXIT WHEN last IS NULL;
       COMMIT;
     END LOOP; END $$`,
  );
}

async function byOffset(url) {
  const session = new pg.Client(url);
  await session.connect();
  try {
    for (let at = 0; ; at += settings.batch) {
      const { rowCount } = await session.query(`${COPY} ORDER BY id LIMIT ${settings.batch} OFFSET ${at}`);
      if (rowCount === 0) return;
    }
  } finally {
    await session.end();
  }
}

async function prepare(client, rows) {
  const id = nameOf(rows);
  await client.post('/migrations', { id, options: { atomicity: 'best' } });
  await client.post(`/migrations/${id}/add_api`, { id: 'copies', bindings: [{ template: 'copy', fields: {} }] });
  await client.post(`/migrations/${id}/sync`);
}

function nameOf(rows) {
  return `copy_${rows}`;
}

/** From the request to the end, the atomic part, which is empty, included. */
async function migrate(client, rows) {
  const id = nameOf(rows);
  await client.post(`/migrations/${id}/migrate`);
  while ((await client.get(`/migrations/${id}`)).data.run.state === 'running') await pause(100);
  await until(
    async () => (await client.get(`/migrations/${id}`)).data.state === 'Completed',
    'the end of the backfill',
  );
}

/** Those who use the table meanwhile. */
function startReaders(url) {
  const latencies = [];
  let isOver = false;
  const read = async () => {
    const session = new pg.Client(url);
    await session.connect();
    while (!isOver) {
      const at = performance.now();
      await session.query('SELECT name FROM source WHERE id = $1', [1 + Math.floor(Math.random() * 300_000)]);
      latencies.push(performance.now() - at);
      await pause(settings.foreground.everyMs);
    }
    await session.end();
  };
  const all = Array.from({ length: settings.foreground.connections }, read);
  return {
    stop: async () => {
      isOver = true;
      await Promise.all(all);
      return latencies;
    },
  };
}

async function quietly(url) {
  const readers = startReaders(url);
  await pause(settings.quietMs);
  return summarize(await readers.stop());
}

function describe({ side, rows, quiet, limitMs, ms, latencies, copied, memory }) {
  if (copied !== rows) throw new Error(`${side}: ${copied} of ${rows} rows`);
  const { p99_ms: p99 } = summarize(latencies);
  return {
    side,
    rows,
    seconds: round(ms / 1_000),
    rows_per_second: Math.round(rows / (ms / 1_000)),
    of_the_limit: round(limitMs / ms),
    reads_p99_ms: p99,
    of_quiet: round(p99 / quiet.p99_ms),
    worker_mib: memory?.beforeMib ?? '',
    first_third: memory?.earlyMib ?? '',
    last_third: memory?.lateMib ?? '',
    load: round(loadavg()[0]),
  };
}
