import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { asUuid } from '@eden/domain';
import { EventStreams } from './event-streams.js';

const [acme, other, third] = [asUuid(randomUUID()), asUuid(randomUUID()), asUuid(randomUUID())];

describe('the event streams of a gateway', () => {
  it('are limited for one organization, and others find room', () => {
    const streams = new EventStreams({ ofProcess: 3, ofOrganization: 2 });
    const leave = [streams.enter(acme), streams.enter(acme)];
    expect(() => streams.enter(acme)).toThrow(expect.objectContaining({ code: 'RATE_LIMITED' }));
    streams.enter(other);
    leave[0]?.();
    expect(() => streams.enter(acme)).not.toThrow();
  });

  it('are limited for all together', () => {
    const streams = new EventStreams({ ofProcess: 2, ofOrganization: 2 });
    streams.enter(acme);
    const leave = streams.enter(other);
    expect(() => streams.enter(third)).toThrow(expect.objectContaining({ code: 'SERVICE_UNAVAILABLE' }));
    leave();
    expect(() => streams.enter(third)).not.toThrow();
  });
});
