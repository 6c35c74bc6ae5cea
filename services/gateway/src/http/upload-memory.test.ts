import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { UploadMemory } from './upload-memory.js';

function upload(length?: number): IncomingMessage {
  const req = new IncomingMessage(new Socket());
  if (length !== undefined) req.headers['content-length'] = String(length);
  return req;
}

const BUSY = { code: 'SERVICE_UNAVAILABLE', context: { retry_after_seconds: 5 } };

describe('the memory of uploads', () => {
  it('is held while they are worked on, and free again however that ends', async () => {
    const memory = new UploadMemory(100);
    let fail: (error: Error) => void = () => {};
    const held = memory.during(upload(60), 80, () => new Promise<never>((_, reject) => (fail = reject)));
    await expect(memory.during(upload(41), 80, () => Promise.resolve('in'))).rejects.toMatchObject(BUSY);
    await expect(memory.during(upload(40), 80, () => Promise.resolve('in'))).resolves.toBe('in');
    fail(new Error('away'));
    await expect(held).rejects.toThrow('away');
    await expect(memory.during(upload(41), 80, () => Promise.resolve('in'))).resolves.toBe('in');
  });

  it.each([
    ['that does not say how long it is', undefined],
    ['that says that it is longer than any may be', 1e12],
    ['whose length is no number', Number.NaN],
  ])('counts one %s as the largest', async (_, length) => {
    const memory = new UploadMemory(100);
    const one = memory.during(upload(length), 80, () => memory.during(upload(21), 80, () => Promise.resolve('in')));
    await expect(one).rejects.toMatchObject(BUSY);
    await expect(
      memory.during(upload(length), 80, () => memory.during(upload(20), 80, () => Promise.resolve('in'))),
    ).resolves.toBe('in');
  });
});
