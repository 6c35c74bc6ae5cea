import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import jwt from 'jsonwebtoken';
import pg from 'pg';
import { startLoad } from '../harness/loaded.mjs';
import { watchPeak } from '../harness/memory.mjs';
import { alternate, median, spread } from '../harness/rounds.mjs';
import { round, summarize, withService } from '../harness/service.mjs';

const settings = { rounds: 5, milliseconds: 5_000, warmUpMs: 2_000, connections: 64, rows: 10_000 };
const BARE = 'bare Express + pg + JWT';
const LIMIT = 'node:http, one pipelined connection, a known token (the limit)';
const GRAPHQL = 'PostGraphile 5';
const GRAPHQL_QUERY = 'query($id: BigInt!) { itemByRowId(rowId: $id) { rowId name cents } }';

export const benchmark = {
  description:
    'POST /apis/{a} that reads one row, 64 connections: against Express and pg alone, the limit and PostGraphile, without and with a migration',
  settings,
  // One line per request, as in production.
  run: () => withService(measure, { variables: { LOG_LEVEL: 'info' } }),
};

async function measure({ client, gateway, clusters }) {
  const databaseUrl = clusters.first.url();
  await createItems(databaseUrl);
  await describeApis(client, databaseUrl);
  const ours = { url: gateway.url, token: client.token, pid: gateway.pid };
  const peers = ['bare-api', 'limit-api', 'graphql-api'];
  const [bare, limit, graphql] = await Promise.all(peers.map((name) => startPeer(name, databaseUrl)));
  const asGraphql = ({ id }) => ({ query: GRAPHQL_QUERY, variables: { id } });
  const sides = new Map([
    [BARE, { server: bare, api: 'read_item' }],
    [LIMIT, { server: limit, api: 'read_item' }],
    [GRAPHQL, { server: { ...graphql, pathOf: () => '/graphql' }, api: 'read_item', inputOf: asGraphql }],
    ['ours, no migration', { server: ours, api: 'free' }],
    ['ours, in a migration', { server: ours, api: 'attached' }],
  ]);
  try {
    return compare(await alternate([...sides.keys()], settings.rounds, (side) => underLoad(sides.get(side))));
  } finally {
    for (const peer of [bare, limit, graphql]) peer.stop();
  }
}

async function createItems(databaseUrl) {
  const target = new pg.Client({ connectionString: databaseUrl });
  await target.connect();
  await target.query(`CREATE TABLE items (id bigint PRIMARY KEY, name text NOT NULL, cents bigint NOT NULL);
    INSERT INTO items SELECT n, 'Item ' || n, n * 7 % 10000 FROM generate_series(1, ${settings.rows}) AS n;
    ANALYZE items`);
  await target.end();
}

/** The same API twice, one of them in a migration that has been synced. */
async function describeApis(client, databaseUrl) {
  await client.post('/endpoints', { id: 'items_db', kind: 'Postgres', config: { url: databaseUrl } });
  await addTemplate(client, 'read_item', 'Read', 'SELECT id, name, cents FROM items WHERE id = {{id}}');
  await addTemplate(client, 'add_item_total', 'Write', 'ALTER TABLE items ADD COLUMN total numeric(12, 2)');
  const fields = [{ name: 'id', type: 'Number', required: true }];
  for (const id of ['free', 'attached']) {
    await client.post('/apis', { id, fields, bindings: [{ template: 'read_item', fields: { id: 'id' } }] });
  }
  await client.post('/migrations', { id: 'items_v2' });
  const bindings = [{ template: 'add_item_total', fields: {} }];
  await client.post('/migrations/items_v2/add_api', { id: 'attached', bindings });
  await client.post('/migrations/items_v2/sync');
}

function addTemplate(client, id, kind, query) {
  const template = { endpoint: 'items_db', endpoint_kind: 'Postgres', kind, template: { query } };
  return client.post('/templates', { id, template });
}

async function startPeer(name, databaseUrl) {
  const secret = randomBytes(48).toString('base64');
  const server = fork(join(import.meta.dirname, '..', 'harness', `${name}.mjs`), {
    env: { ...process.env, NODE_ENV: 'production' },
  });
  server.send({ databaseUrl, secret, query: 'SELECT id, name, cents FROM items WHERE id = $1' });
  const [{ port }] = await once(server, 'message');
  const token = jwt.sign({ org_id: 'bench' }, secret, { subject: 'bench', audience: 'postgraphile', expiresIn: 3600 });
  return { url: `http://127.0.0.1:${port}`, token, pid: server.pid, stop: () => server.kill() };
}

async function underLoad({ server, api, inputOf = (input) => input }) {
  const inputs = Array.from({ length: 100 }, (_, n) => inputOf({ id: 1 + n * (settings.rows / 100) }));
  const load = await startLoad(server, { apis: [api], inputs, connections: settings.connections });
  try {
    await pause(settings.warmUpMs);
    await load.figures();
    const memory = watchPeak(server.pid);
    const startedAt = performance.now();
    await pause(settings.milliseconds);
    const peakMib = memory.stop();
    const { latenciesMs, failures } = await load.figures();
    const perSecond = (latenciesMs.length * 1_000) / (performance.now() - startedAt);
    if (Object.keys(failures).length > 0) throw new Error(`${api}: ${JSON.stringify(failures)}`);
    return { perSecond, ...summarize(latenciesMs), peakMib };
  } finally {
    load.stop();
  }
}

function compare(figures) {
  const all = (side, name) => figures.get(side).map((one) => one[name]);
  const ratio = (side, name, to = BARE) => round(median(all(side, name)) / median(all(to, name)));
  return [...figures.keys()].map((side) => ({
    side,
    ...spread('requests_per_second', all(side, 'perSecond')),
    p50_ms: median(all(side, 'median_ms')),
    p99_ms: median(all(side, 'p99_ms')),
    ratio_of_requests: ratio(side, 'perSecond'),
    of_the_limit: ratio(side, 'perSecond', LIMIT),
    ratio_of_p99: ratio(side, 'p99_ms'),
    resident_mib: Math.max(...all(side, 'peakMib')),
  }));
}
