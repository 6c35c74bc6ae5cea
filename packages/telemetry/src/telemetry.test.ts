import { afterEach, describe, expect, it } from '@jest/globals';
import type { OperationsServer, ServiceTelemetry } from './index.js';
import { createTelemetry, startOperationsServer } from './index.js';

type Line = Record<string, unknown>;

function telemetryWithLines(options: { requestLogShare?: number } = {}): {
  telemetry: ServiceTelemetry;
  lines: Line[];
} {
  const lines: Line[] = [];
  const destination = { write: (text: string) => void lines.push(JSON.parse(text) as Line) };
  return { telemetry: createTelemetry({ service: 'test', level: 'info', destination, ...options }), lines };
}

describe('the log', () => {
  it('writes one JSON object per line with level, ISO time, service and the fields of its ancestors', () => {
    const { telemetry, lines } = telemetryWithLines();
    telemetry.log.child({ request_id: 'r1' }).child({ run: 'u1' }).warn('something', { rows: 3 });
    expect(lines).toEqual([
      {
        level: 'warn',
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
        service: 'test',
        msg: 'something',
        request_id: 'r1',
        run: 'u1',
        rows: 3,
      },
    ]);
  });

  it('writes what asks for the state of the process only for those who look for everything', () => {
    const { telemetry, lines } = telemetryWithLines();
    for (const route of ['/healthz', '/readyz', '/metrics', '/migrations']) {
      telemetry.httpObserved({ method: 'GET', route, status: 200, durationMs: 1 });
    }
    expect(lines).toMatchObject([{ level: 'info', msg: 'request', route: '/migrations' }]);
  });

  it('writes of the requests that were answered well only the share that is wanted, and of the others each', () => {
    const { telemetry, lines } = telemetryWithLines({ requestLogShare: 0.25 });
    for (const status of [200, 302, 404, 503]) {
      for (let n = 0; n < 400; n += 1) telemetry.httpObserved({ method: 'GET', route: '/', status, durationMs: 1 });
    }
    const countOf = (status: number): number => lines.filter((line) => line['status'] === status).length;
    expect([countOf(404), countOf(503)]).toEqual([400, 400]);
    // 800 draws of a quarter: further from 200 than this in one of a billion times.
    expect(Math.abs(countOf(200) + countOf(302) - 200)).toBeLessThan(80);
  });

  it('writes nothing below its level', () => {
    const { telemetry, lines } = telemetryWithLines();
    telemetry.log.debug('detail');
    expect(lines).toEqual([]);
  });

  it.each(['authorization', 'password', 'token', 'config', 'url'])('redacts %s down to two levels', (key) => {
    const { telemetry, lines } = telemetryWithLines();
    const log = telemetry.log.child({ [key]: 'hidden' });
    log.info('secrets', {
      [key]: 'hidden',
      a: { [key]: { deep: 'hidden' }, b: { [key]: 'hidden' } },
      list: [{ [key]: 'hidden' }],
    });
    expect(lines).toHaveLength(1);
    expect(JSON.stringify(lines)).not.toContain('hidden');
  });

  it('writes what it redacts nothing of as it is', () => {
    const { telemetry, lines } = telemetryWithLines();
    const at = new Date(0);
    telemetry.log.info('plain', { at, list: [{ a: 1 }], nothing: null, a: { b: { c: { d: 1 } } } });
    expect(lines[0]).toMatchObject({ at: at.toJSON(), list: [{ a: 1 }], nothing: null, a: { b: { c: { d: 1 } } } });
  });

  it('writes errors with their causes and without the credentials of connection strings', () => {
    const { telemetry, lines } = telemetryWithLines();
    const cause = Object.assign(new Error('connect to postgresql://eden:hidden@db/eden failed'), { code: '28P01' });
    telemetry.log.error('down', { error: new Error('no database', { cause }) });
    expect(lines[0]).toMatchObject({
      error: { message: 'no database', cause: { code: '28P01', message: expect.stringContaining('[redacted]@db') } },
    });
    expect(JSON.stringify(lines)).not.toContain('hidden');
  });

  it.each(['postgresql://eden:hidden@db/eden', 'redis://:an@hidden@host:6379'])(
    'writes no credentials of %s',
    (url) => {
      const { telemetry, lines } = telemetryWithLines();
      telemetry.log.warn('away', { reason: `Error: connect to ${url} failed`, tried: [{ where: url }] });
      expect(lines).toHaveLength(1);
      expect(JSON.stringify(lines)).not.toContain('hidden');
    },
  );
});

describe('the metrics', () => {
  it('have the names and labels of the contract', async () => {
    const { telemetry } = telemetryWithLines();
    telemetry.lockWaited('write', 20, 'granted');
    telemetry.stageExecuted(1, 1500);
    telemetry.templateExecuted('Postgres', 'Write', 3);
    telemetry.runFinished('migrate', 'succeeded', {});
    telemetry.validated('ok', {});
    telemetry.apiPaused(80);
    telemetry.queueObserved(4, 9000);
    telemetry.inDoubtObserved(1, 60_000);
    const text = await telemetry.metricsText();
    for (const line of [
      'eden_migration_lock_wait_seconds_count{mode="write"} 1',
      'eden_migration_parallel_execution_seconds_sum{stage="1"} 1.5',
      'eden_template_execution_seconds_count{endpoint_kind="Postgres",kind="Write"} 1',
      'eden_migration_runs_total{kind="migrate",result="succeeded"} 1',
      'eden_migration_validation_total{result="ok"} 1',
      'eden_api_pause_seconds_count 1',
      'eden_queue_depth 4',
      'eden_queue_age_seconds 9',
      'eden_migration_in_doubt 1',
      'eden_migration_in_doubt_age_seconds 60',
    ])
      expect(text.split('\n')).toContain(line);
  });

  it('count failures from zero, so that the first one is seen to be one more', async () => {
    const text = await telemetryWithLines().telemetry.metricsText();
    expect(text).toContain('eden_migration_runs_total{kind="migrate",result="failed"} 0');
    expect(text).toContain('eden_migration_lock_failures_total{mode="read",reason="unavailable"} 0');
    expect(text).toContain('eden_migration_validation_total{result="failed"} 0');
  });

  it('have buckets from a millisecond to an hour', async () => {
    const { telemetry } = telemetryWithLines();
    telemetry.lockWaited('read', 0.5, 'granted');
    telemetry.lockWaited('read', 3_599_000, 'granted');
    const text = await telemetry.metricsText();
    expect(text).toContain('eden_migration_lock_wait_seconds_bucket{le="0.001",mode="read"} 1');
    expect(text).toContain('eden_migration_lock_wait_seconds_bucket{le="1800",mode="read"} 1');
    expect(text).toContain('eden_migration_lock_wait_seconds_bucket{le="3600",mode="read"} 2');
  });

  it('tell how many transactions are prepared, how old the oldest is, and what it holds back, without naming one', async () => {
    const { telemetry } = telemetryWithLines();
    telemetry.preparedObserved({ count: 3, ageMs: 90_000, xidAge: 1234 });
    const text = await telemetry.metricsText();
    expect(text).toContain('eden_prepared_transactions 3');
    expect(text).toContain('eden_prepared_transaction_age_seconds 90');
    expect(text).toContain('eden_prepared_transaction_xid_age 1234');
  });

  it('count what retention took away, which is logged when there was anything', async () => {
    const { telemetry, lines } = telemetryWithLines();
    telemetry.historyPruned({ runs: 0, events: 0, targetDatabases: 0, kept: 0 });
    expect(lines).toEqual([]);
    telemetry.historyPruned({ runs: 2, events: 30, targetDatabases: 1, kept: 4 });
    expect(lines).toMatchObject([{ msg: 'history pruned', runs: 2, events: 30, target_databases: 1, kept: 4 }]);
    const text = await telemetry.metricsText();
    expect(text).toContain('eden_retention_deleted_total{what="run_events"} 30');
    expect(text).toContain('eden_retention_kept_runs 4');
  });

  it('count locks that were not granted by their reason', async () => {
    const { telemetry, lines } = telemetryWithLines();
    telemetry.lockWaited('read', 30_000, 'timeout');
    expect(await telemetry.metricsText()).toContain(
      'eden_migration_lock_failures_total{mode="read",reason="timeout"} 1',
    );
    expect(lines).toHaveLength(1);
  });

  it('do not grow with the stages that clients make up', async () => {
    const { telemetry } = telemetryWithLines();
    for (let stage = -1000; stage < 1000; stage += 1) telemetry.stageExecuted(stage, 1);
    const labels = (await telemetry.metricsText()).match(/^eden_migration_parallel_execution_seconds_count/gm);
    expect(labels).toHaveLength(23);
  });

  it('observe a request together with its log line', async () => {
    const { telemetry, lines } = telemetryWithLines();
    const fields = { request_id: 'r1', organization: 'acme' };
    telemetry.httpStarted();
    expect(await telemetry.metricsText()).toContain('eden_http_requests_active 1\n');
    telemetry.httpObserved({ method: 'GET', route: '/migrations/{migration}', status: 404, durationMs: 12.34 }, fields);
    expect(lines).toMatchObject([
      { request_id: 'r1', organization: 'acme', route: '/migrations/{migration}', status: 404, duration_ms: 12.3 },
    ]);
    expect(await telemetry.metricsText()).toContain('eden_http_requests_active 0\n');
    expect(await telemetry.metricsText()).toContain(
      'eden_http_request_duration_seconds_count{method="GET",route="/migrations/{migration}",status="404"} 1',
    );
  });

  it('of two processes in one do not meet', async () => {
    const { telemetry } = telemetryWithLines();
    telemetryWithLines().telemetry.runFinished('sync', 'failed', {});
    expect(await telemetry.metricsText()).toContain('eden_migration_runs_total{kind="sync",result="failed"} 0');
  });
});

describe('the operations server', () => {
  let server: OperationsServer | undefined;
  afterEach(() => server?.close());

  async function start(checkReadiness: () => Promise<void>): Promise<(path: string) => Promise<Response>> {
    const { telemetry } = telemetryWithLines();
    const started = await startOperationsServer({
      host: '127.0.0.1',
      port: 0,
      metrics: telemetry,
      log: telemetry.log,
      checkReadiness,
    });
    server = started;
    return (path) => fetch(`http://127.0.0.1:${started.port}${path}`);
  }

  it('serves metrics, health and readiness', async () => {
    const get = await start(() => Promise.resolve());
    expect(await (await get('/healthz')).json()).toEqual({ status: 'ok' });
    expect((await get('/readyz')).status).toBe(200);
    const metrics = await get('/metrics');
    expect(metrics.headers.get('content-type')).toContain('text/plain; version=0.0.4');
    expect(await metrics.text()).toContain('process_cpu_seconds_total');
    expect((await get('/other')).status).toBe(404);
  });

  it('is alive but not ready while its check fails', async () => {
    const get = await start(() => Promise.reject(new Error('no database')));
    expect((await get('/readyz')).status).toBe(503);
    expect((await get('/healthz')).status).toBe(200);
  });
});
