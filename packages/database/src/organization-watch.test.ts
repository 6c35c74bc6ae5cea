import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { asUuid, EdenError, type OrganizationChange } from '@eden/domain';
import type { Client } from './client.js';
import type { Listener, Notifications } from './listen.js';
import { OrganizationWatch } from './organization-watch.js';

const ORGANIZATION = asUuid('550e8400-e29b-41d4-a716-446655440001');
const RUN = asUuid('550e8400-e29b-41d4-a716-446655440002');
const MIGRATION = asUuid('550e8400-e29b-41d4-a716-446655440003');

/** One run that has another event each time it is looked at, and the notifications of it. */
class Busy {
  readonly looks: (readonly unknown[])[] = [];
  /** Told of each look. */
  onLook = (): void => undefined;
  private readonly listeners = new Map<string, Listener>();
  private readonly timer = setInterval(() => this.listeners.get('eden_run_event')?.(RUN), 10);

  readonly client = {
    $queryRaw: ({ values }: { readonly values: readonly unknown[] }) => {
      this.looks.push(values);
      this.onLook();
      const run = { uuid: RUN, migrationUuid: MIGRATION, migrationId: 'shop', kind: 'migrate', state: 'running' };
      return Promise.resolve([{ ...run, sequence: this.looks.length }]);
    },
    migration: { findMany: () => Promise.resolve([]) },
  } as unknown as Client;

  readonly notifications: Notifications = {
    on: (channel, listener) => {
      this.listeners.set(channel, listener);
      return () => this.listeners.delete(channel);
    },
    close: () => Promise.resolve(),
  };

  untilLookedAt(times: number): Promise<void> {
    return new Promise((resolve) => {
      this.onLook = () => void (this.looks.length >= times && resolve());
      this.onLook();
    });
  }

  stop(): void {
    clearInterval(this.timer);
  }
}

describe('an organization whose runs move all the time', () => {
  const opened: { stop(): void }[] = [];

  afterEach(() => {
    for (const each of opened.splice(0)) each.stop();
  });

  function follow(since: Date | null) {
    const busy = new Busy();
    const leaving = new AbortController();
    const watch = new OrganizationWatch(busy.client, busy.notifications);
    const changes = watch.follow(ORGANIZATION, { since, signal: leaving.signal });
    opened.push(busy, { stop: () => leaving.abort() });
    return { busy, changes };
  }

  it('is watched after the first look', async () => {
    const { changes } = follow(null);
    expect(await changes.next()).toEqual({ done: false, value: [] });
    await changes.return(undefined);
  });

  it('keeps the latest change of each run for those who read slowly', async () => {
    const { busy, changes } = follow(null);
    await changes.next();
    await busy.untilLookedAt(5);
    const { value } = (await changes.next()) as { value: readonly OrganizationChange[] };
    expect(value).toMatchObject([{ migrationUuid: MIGRATION, run: { uuid: RUN } }]);
    await changes.return(undefined);
  });

  it('looks a day back at most', async () => {
    const { busy, changes } = follow(new Date(0));
    await changes.next();
    expect(Math.max(...busy.looks.flat().filter((value) => typeof value === 'number'))).toBe(86_400);
    await changes.return(undefined);
  });
});

describe('a control database that was away', () => {
  afterEach(() => void jest.useRealTimers());

  it('has its runs told that have ended meanwhile, once it is back', async () => {
    jest.useFakeTimers();
    let isAway = false;
    let endedAt: number | null = null;
    const client = {
      $queryRaw: ({ values }: { readonly values: readonly unknown[] }) => {
        if (isAway) return Promise.reject(new EdenError('SERVICE_UNAVAILABLE'));
        if (endedAt !== null && endedAt < Date.now() - Number(values[1]) * 1000) return Promise.resolve([]);
        const run = { uuid: RUN, migrationUuid: MIGRATION, migrationId: 'shop', kind: 'migrate' };
        const state = endedAt === null ? { state: 'running', sequence: 1 } : { state: 'succeeded', sequence: 2 };
        return Promise.resolve([{ ...run, ...state }]);
      },
    } as unknown as Client;
    const silent: Notifications = { on: () => () => undefined, close: () => Promise.resolve() };
    const leaving = new AbortController();
    const told: OrganizationChange[] = [];
    const reading = (async () => {
      const changes = new OrganizationWatch(client, silent).follow(ORGANIZATION, {
        since: null,
        signal: leaving.signal,
      });
      for await (const batch of changes) told.push(...batch);
    })();
    await jest.advanceTimersByTimeAsync(10_000);
    isAway = true;
    await jest.advanceTimersByTimeAsync(120_000);
    [isAway, endedAt] = [false, Date.now() - 90_000];
    await jest.advanceTimersByTimeAsync(20_000);
    leaving.abort();
    await reading;
    expect(told).toMatchObject([{ run: { uuid: RUN, state: 'succeeded' } }]);
  });
});
