import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { ControlServer } from '@eden/domain';
import { createReach } from '../index.js';
import { post } from './post.js';

const open: Server[] = [];
const sockets: Socket[] = [];
const never = new AbortController().signal;

afterEach(async () => {
  for (const server of open.splice(0)) {
    for (const socket of sockets.splice(0)) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function listen(server: Server): Promise<number> {
  open.push(server);
  server.on('connection', (socket) => sockets.push(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** The names of this world, looked up again at every turn. */
function reach(allowLoopback: boolean, names: Readonly<Record<string, readonly string[]>> = {}) {
  const turns = new Map<string, number>();
  return createReach({
    allowedNetworks: [],
    allowLoopback,
    allowControlServer: false,
    ownServers: [],
    controlServer: {} as ControlServer,
    resolve: (host) => {
      const turn = turns.get(host) ?? 0;
      turns.set(host, turn + 1);
      const answers = names[host] ?? ['127.0.0.1'];
      return Promise.resolve([{ address: answers[Math.min(turn, answers.length - 1)] ?? '', family: 4 }]);
    },
  });
}

function send(url: string, way = reach(true), stop = never): Promise<number> {
  return post({ url: new URL(url), headers: { 'X-Test': '1' }, body: '{}', socket: () => way.socket() }, stop);
}

async function answering(listener: RequestListener): Promise<string> {
  return `http://hook.test:${await listen(createServer(listener))}/path?x=1`;
}

describe('a post to somewhere that a tenant has named', () => {
  it('arrives as it was sent, and answers the status', async () => {
    const seen: unknown[] = [];
    const url = await answering((req, res) => {
      seen.push([req.method, req.url, req.headers.host, req.headers['x-test']]);
      res.writeHead(202).end('answer');
    });
    expect(await send(url)).toBe(202);
    expect(seen).toEqual([['POST', '/path?x=1', new URL(url).host, '1']]);
  });

  it('follows no redirect', async () => {
    const urls: (string | undefined)[] = [];
    const url = await answering((req, res) => {
      urls.push(req.url);
      res.writeHead(307, { Location: '/elsewhere' }).end();
    });
    expect(await send(url)).toBe(307);
    expect(urls).toEqual(['/path?x=1']);
  });

  it.each(['127.0.0.1', '169.254.169.254', '100.100.100.200', '0.0.0.0'])(
    'is not sent to a name that leads to %s',
    async (address) => {
      let connections = 0;
      const port = await listen(createTcpServer(() => (connections += 1)));
      await expect(send(`http://hook.test:${port}/`, reach(false, { 'hook.test': [address] }))).rejects.toThrow(
        /^It leads to/,
      );
      expect(connections).toBe(0);
    },
  );

  it('goes to the address that was checked, whatever the name says a moment later', async () => {
    const url = await answering((_req, res) => res.writeHead(200).end());
    const rebinding = reach(true, { 'hook.test': ['127.0.0.1', '169.254.169.254'] });
    expect(await send(url, rebinding)).toBe(200);
    await expect(send(url, rebinding)).rejects.toThrow(/link-local or metadata/);
  });

  it('reads nothing of an answer but its head, be it endless', async () => {
    const url = await answering((_req, res) => {
      res.writeHead(200);
      const more = () => void (res.destroyed || res.write('x'.repeat(65_536), more));
      more();
    });
    expect(await send(url)).toBe(200);
  });

  it.each([
    ['a head without an end', `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(20_000)}`],
    ['no HTTP', 'SSH-2.0-OpenSSH_9.0\r\n'],
    ['nothing', ''],
  ])('fails on %s', async (_what, answer) => {
    const port = await listen(createTcpServer((socket) => socket.on('error', () => undefined).end(answer)));
    await expect(send(`http://hook.test:${port}/`)).rejects.toThrow();
  });

  it('ends when the worker stops, and is refused without TLS where TLS is wanted', async () => {
    const stop = new AbortController();
    const silent = await answering(() => stop.abort(new Error('the worker stops')));
    const sent = send(silent, reach(true), stop.signal);
    await expect(sent).rejects.toThrow();
    const url = await answering((_req, res) => res.end());
    await expect(send(url.replace('http:', 'https:'))).rejects.toThrow();
  });
});
