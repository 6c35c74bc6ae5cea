import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { isOver, whenOver } from './when-over.js';

/** In line on one connection: the first is answered by nobody. */
const REQUESTS = 20;

let server: Server;
let client: Socket;
let answers: ServerResponse[];

beforeEach(async () => {
  answers = [];
  server = createServer((_, res) => void answers.push(res));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  client = connect((server.address() as AddressInfo).port, '127.0.0.1');
  client.on('error', () => undefined);
  client.write('GET / HTTP/1.1\r\nHost: here\r\n\r\n'.repeat(REQUESTS));
  while (answers.length < REQUESTS) await once(server, 'request');
});

afterEach(async () => {
  client.destroy();
  server.close();
  await once(server, 'close');
});

function first(): ServerResponse {
  return answers[0] as ServerResponse;
}

it('each answer in line is over when its connection is, and once', async () => {
  const { socket } = first().req;
  const listeners = socket.listenerCount('close');
  const over: number[] = [];
  answers.forEach((res, at) => void whenOver(res, () => over.push(at)));
  expect(socket.listenerCount('close')).toBe(listeners + 1);
  const closed = once(socket, 'close');
  client.destroy();
  await closed;
  expect(over).toHaveLength(REQUESTS);
  expect(new Set(over).size).toBe(REQUESTS);
  expect(answers.every(isOver)).toBe(true);
});

it('an answer is over when it has been sent', async () => {
  const over = new Promise<void>((resolve) => void whenOver(first(), resolve));
  first().end();
  await over;
  expect(isOver(first())).toBe(true);
  expect(answers.slice(1).some(isOver)).toBe(false);
});

describe('who waits no more', () => {
  it('is not told', async () => {
    let calls = 0;
    for (const res of answers) whenOver(res, () => (calls += 1))();
    const closed = once(first().req.socket, 'close');
    client.destroy();
    await closed;
    expect(calls).toBe(0);
  });
});
