import { afterEach, describe, expect, it } from '@jest/globals';
import { asUuid, type OrganizationChange } from '@eden/domain';
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
    const oldest = Math.min(...busy.looks.flat().map((value) => (value instanceof Date ? value.getTime() : Infinity)));
    expect(Date.now() - oldest).toBeLessThan(86_460_000);
    await changes.return(undefined);
  });
});
