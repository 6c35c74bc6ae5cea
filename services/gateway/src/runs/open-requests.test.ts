import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { asUuid } from '@eden/domain';
import { OpenRequests } from './open-requests.js';

const [acme, other, third] = [asUuid(randomUUID()), asUuid(randomUUID()), asUuid(randomUUID())];

/** What all gateways have open. */
class Shared {
  constructor(public open = 0) {}
  opened(_: unknown, most: number): Promise<boolean> {
    if (this.open >= most) return Promise.resolve(false);
    this.open += 1;
    return Promise.resolve(true);
  }
  closed(): void {
    this.open -= 1;
  }
}

const limited = { code: 'RATE_LIMITED', context: { details: expect.stringMatching(/^The organization has 2 event/) } };

describe('the open requests of a gateway', () => {
  it('are limited for one organization, and others find room', async () => {
    // Nobody can tell.
    const shared = { opened: () => Promise.resolve(true), closed: () => undefined };
    const streams = new OpenRequests(shared, { kind: 'stream', ofProcess: 3, ofOrganization: 2 });
    const leave = [await streams.enter(acme), await streams.enter(acme)];
    await expect(streams.enter(acme)).rejects.toMatchObject(limited);
    await streams.enter(other);
    leave[0]?.();
    await streams.enter(acme);
  });

  it('are limited for all together', async () => {
    const streams = new OpenRequests(new Shared(), { kind: 'stream', ofProcess: 2, ofOrganization: 2 });
    await streams.enter(acme);
    const leave = await streams.enter(other);
    await expect(streams.enter(third)).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    leave();
    await streams.enter(third);
  });

  it('are limited with those of other gateways', async () => {
    const shared = new Shared(1);
    const streams = new OpenRequests(shared, { kind: 'stream', ofProcess: 5, ofOrganization: 2 });
    const leave = await streams.enter(acme);
    await expect(streams.enter(acme)).rejects.toMatchObject(limited);
    leave();
    expect(shared.open).toBe(1);
    shared.open = 2;
    await expect(streams.enter(acme)).rejects.toMatchObject(limited);
    // Those that were refused have taken no place here.
    shared.open = 0;
    await streams.enter(acme);
    await streams.enter(acme);
  });
});
