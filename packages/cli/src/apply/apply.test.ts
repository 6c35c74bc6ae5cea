import { afterEach, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { capture, newFolder } from '../testing/captured.js';

let server: Server | undefined;

/** A gateway whose only migration has this as its last run. */
async function gatewayWith(run: object): Promise<string> {
  const migration = { id: 'shop', uuid: 'm', state: 'In Progress', parameters: {}, options: {}, apis: [], run };
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
