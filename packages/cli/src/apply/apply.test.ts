import { afterEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { callAt, json, type Handler } from '../testing/call-at.js';
import { capture, newFolder } from '../testing/captured.js';

let server: Server | undefined;

/** A gateway whose only migration has this as its last run. */
async function gatewayWith(run: object): Promise<string> {
  const labels = { 'eden.dev/line': 'shop' };
  const migration = { id: 'shop', uuid: 'm', state: 'In Progress', labels, parameters: {}, options: {}, apis: [], run };
  server = createServer(({ url }, response) => {
    const data = url?.startsWith('/api/v1/migrations/shop') === true ? migration : [migration];
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ status: 'success', data, next_cursor: null }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

afterEach(() => server?.close().closeAllConnections());

it.each(['migrate', 'rollback'])('a %s in doubt is told as that, whether or not one waits', async (kind) => {
  const run = {
    uuid: 'r',
    kind,
    state: 'in_doubt',
    migration_id: 'shop',
    apis: [],
    created_at: '2026-11-26T12:00:00Z',
  };
  const cwd = newFolder();
  writeFileSync(join(cwd, 'eden.yaml'), 'version: 1\nmigration: shop\n');
  const env = { EDEN_URL: await gatewayWith(run), EDEN_TOKEN: 'robot' };
  for (const wait of [[], ['--wait']]) {
    const { code, err } = await capture(['apply', '--yes', ...wait], { cwd, env });
    expect([code, err]).toEqual([20, expect.stringContaining('eden migrations resolve')]);
  }
});

describe('behind a part that is committed', () => {
  const ok = (data: unknown): Handler => json({ status: 'success', data, next_cursor: null });
  const labels = { 'eden.dev/line': 'shop' };
  const shop = { id: 'shop', uuid: 'm', state: 'Pending', labels, parameters: {}, options: {}, apis: [], run: null };
  const runOf = (uuid: string, kind: string, more: object = {}) => ({
    ...{ uuid, kind, state: 'succeeded', migration_id: 'shop', apis: [], started_at: null, finished_at: null },
    ...more,
  });
  const api = {
    api: 'a',
    api_id: 'shop.users',
    stage: 0,
    bindings: [],
    baseline: [{ file: '1_a.sql', endpoint: 'e' }],
  };
  const plan = { hash: 'h', current: true, atomicity: 'best effort', databases: [], apis: [api], findings: [] };

  /** A gateway whose plan has a further part, and where the migrate of that goes as `second` says. */
  async function applyParts(second: Handler, last: object) {
    const cwd = newFolder();
    writeFileSync(join(cwd, 'eden.yaml'), 'version: 1\nmigration: shop\n');
    let migrates = 0;
    const first = json({ status: 'success', data: { run: 'one' } }, 202);
    return callAt(
      ['apply', '--yes', '--wait'],
      {
        'GET /api/v1/migrations': ok([shop]),
        'GET /api/v1/migrations/shop': ok(shop),
        'GET /api/v1/migrations/shop/sources': ok([]),
        'POST /api/v1/migrations/shop/sync': json({ status: 'success', data: { run: 'sync' } }, 202),
        'GET /api/v1/migrations/shop/plan': ok({ ...plan, later_parts: [[]] }),
        'POST /api/v1/migrations/shop/migrate': (request, response) =>
          (++migrates === 1 ? first : second)(request, response),
        ...Object.fromEntries(
          ['sync', 'one', 'two'].map((uuid) => [
            `GET /api/v1/runs/${uuid}/events`,
            (_, response) => response.writeHead(204).end(),
          ]) as [string, Handler][],
        ),
        'GET /api/v1/runs/sync': ok(runOf('sync', 'sync')),
        'GET /api/v1/runs/one': ok(runOf('one', 'migrate')),
        'GET /api/v1/runs/two': ok(runOf('two', 'migrate', last)),
      },
      { cwd },
    );
  }

  it.each([409, 422, 423])('a refusal (%d) is changed in part, and says so', async (status) => {
    const refusal = { error: 'No', code: 'REFUSED', suggestion: 'Ask again.' };
    const { code, err } = await applyParts(json(refusal, status), {});
    expect([code, err]).toEqual([
      20,
      expect.stringMatching(/Error: No \(REFUSED\)\nThe parts before it are committed, and stay\.\nAsk again\.\n$/),
    ]);
  });

  it('a run that fails is changed in part, and says so', async () => {
    const failed = {
      state: 'failed',
      error: { error: 'Migration execution failed', code: 'MIGRATION_EXECUTION_FAILED' },
    };
    const { code, err } = await applyParts(json({ status: 'success', data: { run: 'two' } }, 202), failed);
    expect([code, err]).toEqual([
      20,
      expect.stringMatching(
        /It has changed nothing in any database\.[^]*\nThe parts before it are committed, and stay\.\n$/,
      ),
    ]);
  });

  it('what could not be tried is that', async () => {
    const { code, err } = await applyParts(json({ error: 'No', code: 'NO' }, 400), {});
    expect([code, err]).toEqual([1, expect.not.stringContaining('parts before')]);
  });
});
