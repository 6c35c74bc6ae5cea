import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import type { Response } from 'express';
import express from 'express';
import { sendEvents } from './event-stream.js';

describe('a stream of events', () => {
  it('leaves no listeners behind, however often it waits for its client to read', async () => {
    const listeners: number[] = [];
    /** More than a connection takes at once. */
    async function* events(res: Response) {
      for (let id = 1; id <= 20; id += 1) {
        yield [{ id, type: 'large', data: 'x'.repeat(1 << 20) }];
        listeners.push(res.listenerCount('close') + res.listenerCount('drain'));
      }
    }
    const app = express().get('/', (_req, res) => sendEvents(res, { status: 200, body: null, events: events(res) }));
    const server = app.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const text = await (await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)).text();
    expect(text.match(/^id: \d+$/gm)).toHaveLength(20);
    expect(new Set(listeners).size).toBe(1);
    server.close();
    await once(server, 'close');
  });
});
