import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, expect, it } from '@jest/globals';
import { createDatabase, startTcpProxy, testServers, type TcpProxy } from '@eden/testkit';
import { ControlHosts } from './control-hosts.js';
import { createPool } from './pool.js';

let url: URL;
let proxy: TcpProxy;
beforeAll(async () => {
  url = new URL((await createDatabase(testServers().control)).url);
  proxy = await startTcpProxy(Number(url.port));
  url.port = String(proxy.port);
});

async function outcome(idleMs: number): Promise<string> {
  const pool = createPool(new ControlHosts(url.toString()), 1);
  await pool.query('SELECT 1');
  await delay(idleMs);
  proxy.pause();
  const startedAt = performance.now();
  const text = await Promise.race([
    pool.query('SELECT 1').then(() => 'answered', (error: Error) => error.message),
    delay(20_000).then(() => 'HANGS'),
  ]);
  proxy.resume();
  return `${text} after ${Math.round((performance.now() - startedAt) / 100) / 10}s`;
}

async function ending(): Promise<string> {
  const pool = createPool(new ControlHosts(url.toString()), 1);
  const client = await pool.connect();
  proxy.pause();
  const ended = pool.end();
  client.release();
  const text = await Promise.race([ended.then(() => 'ended'), delay(20_000).then(() => 'HANGS')]);
  proxy.resume();
  return text;
}

it('diag', async () => {
  const all = { idle100: await outcome(100), idle1700: await outcome(1_700), ending: await ending() };
  process.stderr.write(`DIAG ${JSON.stringify(all)}\n`);
  expect(true).toBe(true);
});
