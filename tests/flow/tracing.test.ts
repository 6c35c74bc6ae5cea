import { beforeAll, describe, expect, it } from '@jest/globals';
import type { ApiResponse, Cluster, TestDatabase } from '@eden/testkit';
import { eventually, startCluster, testServers } from '@eden/testkit';
import { CustomerWorld } from '../customers/customer-world.js';
import { Pauses } from '../customers/pause.js';
import type { ReceivedSpan } from './collector.js';
import { Collector } from './collector.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const CALLER = '00f067aa0ba902b7';

/** In a statement: must not leave the house. */
const SECRET_VALUE = 'a-value-of-a-customer';

type RunAnswer = ApiResponse<{ readonly data: { readonly run: { readonly uuid: string } } }>;

describe('a migration, traced', () => {
  let collector: Collector;
  let cluster: Cluster;
  let world: CustomerWorld;
  let pauses: Pauses;
  const databases: TestDatabase[] = [];

  beforeAll(async () => {
    collector = await Collector.start();
    cluster = await startCluster({ env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, LOCK_TTL_MS: '1500' } });
    world = await CustomerWorld.create(cluster);
    for (const [n, server] of testServers().targets.entries()) {
      databases.push((await world.addDatabase(server, `db_${n}`)).database);
      await world.addTemplate(`note_${n}`, `db_${n}`, `UPDATE customers SET email = '${SECRET_VALUE}' WHERE id = 1`);
      await world.addApi(`api_${n}`);
    }
    pauses = await Pauses.install(databases[0] as TestDatabase);
    await world.addTemplate('wait', 'db_0', "SELECT pause('run')");
  });

  /** Over both databases; synced. */
  async function prepare(id: string, ...first: string[]): Promise<void> {
    await world.accept('/migrations', { id });
    for (const n of [0, 1]) {
      const templates = [...(n === 0 ? first : []), `note_${n}`];
      const bindings = templates.map((template) => ({ template, fields: {} }));
      await world.accept(`/migrations/${id}/add_api`, { id: `api_${n}`, bindings });
    }
    await world.accept(`/migrations/${id}/sync`);
  }

  function migrate(id: string, trace: string): Promise<RunAnswer> {
    return world.client.post(`/migrations/${id}/migrate`, {}, { traceparent: `00-${trace}-${CALLER}-01` });
  }

  function spansOf(trace: string, name: string): ReceivedSpan[] {
    return collector.spans.filter((span) => span.traceId === trace && span.name === name);
  }

  it('is one trace from the request over outbox, queue and worker to each target, a part of that of the caller', async () => {
    await prepare('traced');
    const answer = await migrate('traced', TRACE);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('traceresponse')).toMatch(new RegExp(`^00-${TRACE}-[0-9a-f]{16}-01$`));
    await eventually(() => {
      for (const step of ['begin', 'run', 'prepare', 'commitPrepared']) {
        const endpoints = spansOf(TRACE, `Postgres ${step}`).map(({ attributes }) => attributes['eden.endpoint']);
        expect(new Set(endpoints)).toEqual(new Set(['db_0', 'db_1']));
      }
      expect(spansOf(TRACE, 'POST /migrations/{migration}/migrate')).toHaveLength(1);
    });
    const [prepared] = spansOf(TRACE, 'Postgres prepare');
    await eventually(() => {
      const line = collector.lineOf(prepared as ReceivedSpan);
      expect(line.map(({ service, name }) => `${service}: ${name}`)).toEqual([
        'eden-worker: Postgres prepare',
        'eden-worker: run migrate',
        'eden-worker: process runs',
        'eden-worker: add runs.run',
        'eden-worker: outbox send',
        'eden-gateway: POST /migrations/{migration}/migrate',
      ]);
      expect(line.at(-1)?.parentSpanId).toBe(CALLER);
    });
  });

  it('stands in the run, in its first event, and in the log lines of both processes', async () => {
    const { body: list } = await world.client.get<{ data: { uuid: string; trace_id?: string; kind: string }[] }>(
      '/migrations/traced/runs',
    );
    const run = list.data.find(({ kind }) => kind === 'migrate');
    expect(run?.trace_id).toBe(TRACE);
    const { body: events } = await world.client.get<{ data: object[] }>(`/runs/${run?.uuid}/events`);
    expect(events.data[0]).toMatchObject({ type: 'queued', data: { trace_id: TRACE } });
    for (const [process, msg] of [
      [cluster.gateways[0], 'request'],
      [cluster.workers[0], 'run finished'],
    ] as const) {
      await eventually(async () => {
        const lines = (await process?.logs())?.filter((line) => line['msg'] === msg && line['trace_id'] === TRACE);
        expect(lines).toHaveLength(1);
      });
    }
  });

  it('goes on where another worker takes the run over', async () => {
    const trace = TRACE.split('').reverse().join('');
    await prepare('taken_over', 'wait');
    await pauses.begin('run');
    const answer = migrate('taken_over', trace);
    await pauses.isReached();
    await cluster.workers[0]?.kill();
    await pauses.end('run');
    await cluster.addWorker();
    expect((await answer).status).toBe(200);
    await eventually(() => {
      expect(spansOf(trace, 'recover migrate')).toHaveLength(1);
      expect(spansOf(trace, 'run migrate')).toHaveLength(1);
      expect(spansOf(trace, 'Postgres commitPrepared').length).toBeGreaterThan(1);
    });
  });

  it('says nothing of what statements hold, nor how targets are reached', () => {
    expect(collector.received).not.toContain(SECRET_VALUE);
    for (const { server } of databases) expect(collector.received).not.toContain(server.password);
  });

  it('is not begun by what machines ask several times a minute', async () => {
    await fetch(`${cluster.gateways[0]?.url}/readyz`);
    await fetch(`${cluster.gateways[0]?.url}/metrics`);
    await world.client.get('/migrations', { traceparent: `00-${'1'.repeat(32)}-${CALLER}-01` });
    await eventually(() => expect(spansOf('1'.repeat(32), 'GET /migrations')).toHaveLength(1));
    expect(collector.spans.filter(({ name }) => /readyz|metrics/.test(name))).toEqual([]);
  });
});

it('a collector that is away keeps nobody waiting', async () => {
  const cluster = await startCluster({ env: { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' }, workers: 0 });
  const { client } = await cluster.createOrganization();
  expect((await client.get('/migrations')).status).toBe(200);
  await cluster.stop();
});
