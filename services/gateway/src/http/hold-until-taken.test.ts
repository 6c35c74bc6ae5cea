import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { holdUntilTaken } from './hold-until-taken.js';

/** More than a connection takes on its own. */
const LONG_BYTES = 32 * 1024 * 1024;

let server: Server;
let client: Socket;
let held: number;
let answered: ServerResponse;
let requests: number;

const memory = {
  hold: (bytes: number) => void (held += bytes),
  giveBack: (bytes: number) => void (held -= bytes),
};

beforeEach(async () => {
  held = 0;
  requests = 0;
  server = createServer((_, res) => {
    answered = res;
    requests += 1;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  client = connect((server.address() as AddressInfo).port, '127.0.0.1');
  client.on('error', () => undefined);
  client.write('GET / HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n');
  await once(server, 'request');
});

afterEach(async () => {
  client.destroy();
  server.close();
  await once(server, 'close');
});

function answer(bytes: number): void {
  answered.end(Buffer.alloc(bytes));
  holdUntilTaken(answered, memory, bytes);
}

describe('a long answer', () => {
  it('is held until its client has taken it', async () => {
    answer(LONG_BYTES);
    const taken = once(answered, 'close');
    await once(client, 'readable');
    expect(held).toBe(LONG_BYTES);
    client.resume();
    await taken;
    expect(held).toBe(0);
  });

  it('is held no longer than its client is there', async () => {
    answer(LONG_BYTES);
    expect(held).toBe(LONG_BYTES);
    const gone = once(answered, 'close');
    client.destroy();
    await gone;
    expect(held).toBe(0);
  });

  it('is not held where its client has gone before', async () => {
    const gone = once(answered, 'close');
    client.destroy();
    await gone;
    answer(LONG_BYTES);
    expect(held).toBe(0);
  });
});

describe('a long answer behind one that nobody has given', () => {
  it('is held no longer than its client is there', async () => {
    client.destroy();
    client = connect((server.address() as AddressInfo).port, '127.0.0.1');
    client.write('GET / HTTP/1.1\r\nHost: here\r\n\r\n'.repeat(2));
    while (requests < 3) await once(server, 'request');
    answer(LONG_BYTES);
    expect(held).toBe(LONG_BYTES);
    const gone = once(answered.req.socket, 'close');
    client.destroy();
    await gone;
    expect(held).toBe(0);
  });
});

describe('a short answer', () => {
  it('is not held', () => {
    answer(16 * 1024);
    expect(held).toBe(0);
  });
});
