import type { EventEmitter } from 'node:events';
import { afterAll, expect, it } from '@jest/globals';
import { createJobProducer } from './producer.js';

const producer = createJobProducer({ redisUrl: 'redis://127.0.0.1:1' });

afterAll(() => producer.close());

it('leaves nothing behind of the calls that fail while Redis is away', async () => {
  const { client } = producer as unknown as { readonly client: EventEmitter };
  const before = client.listenerCount('ready');
  const results = await Promise.allSettled(Array.from({ length: 20 }, () => producer.queueDepth()));
  const refusal: unknown = expect.objectContaining({ code: 'SERVICE_UNAVAILABLE' });
  expect(results).toEqual(Array(20).fill({ status: 'rejected', reason: refusal }));
  expect(client.listenerCount('ready')).toBe(before);
});
