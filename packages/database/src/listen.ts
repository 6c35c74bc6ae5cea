import type pg from 'pg';
import type { Db } from './client.js';
import { Prisma } from './generated/client.js';
import { clientOf, type ControlHosts } from './control-hosts.js';
import { saysReadOnly } from './demotion.js';
import { leave } from './driver-state.js';
import { withSessionOptions } from './session-settings.js';

/**
 * Most are notified by triggers of the control schema. Payload is the uuid of a run: `eden_run` of one that has finished,
 * `eden_run_event` of one to whose history something was added, `eden_run_released` of one that was taken from its owner;
 * of `eden_gate` organization, uuid and id of a migration that has moved.
 */
export type Channel =
  'eden_run' | 'eden_run_event' | 'eden_run_released' | 'eden_outbox' | 'eden_webhook' | 'eden_gate';

/** Tells the workers, once the transaction has committed. */
export async function notifyReleased(db: Db, runUuid: string): Promise<void> {
  await db.$executeRaw(Prisma.sql`SELECT pg_notify('eden_run_released', ${runUuid})`);
}

/** Called with the payload, or with null when notifications may have been missed: look for yourself. */
export type Listener = (payload: string | null) => void;

export interface Notifications {
  /** @returns the way to stop listening. */
  on(channel: Channel, listener: Listener): () => void;
  close(): Promise<void>;
}

const CHANNELS: readonly Channel[] = [
  'eden_run',
  'eden_run_event',
  'eden_run_released',
  'eden_outbox',
  'eden_webhook',
  'eden_gate',
];
const CONNECT_TIMEOUT_MS = 2_000;
const RECONNECT_DELAY_MS = 500;

/**
 * LISTEN on one connection of its own, opened with the first listener and reopened when it breaks. It is a shortcut
 * and no guarantee: whoever listens also polls.
 */
export function createNotifications(hosts: ControlHosts): Notifications {
  const notifications = new ReconnectingNotifications(hosts);
  hosts.onDemoted(() => notifications.reconnect());
  return notifications;
}

class ReconnectingNotifications implements Notifications {
  private readonly listeners = new Map<Channel, Set<Listener>>(CHANNELS.map((channel) => [channel, new Set()]));
  private client: pg.Client | undefined;
  private retry: NodeJS.Timeout | undefined;
  private closed = false;

  constructor(private readonly hosts: ControlHosts) {}

  on(channel: Channel, listener: Listener): () => void {
    this.listeners.get(channel)?.add(listener);
    if (this.client === undefined && this.retry === undefined) void this.connect();
    return () => this.listeners.get(channel)?.delete(listener);
  }

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.retry);
    if (this.client !== undefined) await leave(this.client);
  }

  /** The server notifies of nothing any more, and does not say so itself. */
  reconnect(): void {
    if (this.client !== undefined) this.reconnectLater(this.client);
  }

  private async connect(): Promise<void> {
    const client = new (clientOf(this.hosts))({
      connectionString: withSessionOptions(this.hosts.first),
      application_name: 'eden-listen',
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      keepAlive: true,
    });
    this.client = client;
    client.on('error', () => this.reconnectLater(client));
    client.on('end', () => this.reconnectLater(client));
    client.on('notification', ({ channel, payload }) => this.tell(channel as Channel, payload ?? null));
    try {
      await client.connect();
      await client.query(CHANNELS.map((channel) => `LISTEN ${channel}`).join(';'));
      for (const channel of CHANNELS) this.tell(channel, null);
    } catch (error) {
      // The poll behind goes on meanwhile. A standby does not let anybody listen.
      if (saysReadOnly(error)) this.hosts.forget();
      this.reconnectLater(client);
    }
  }

  private tell(channel: Channel, payload: string | null): void {
    for (const listener of this.listeners.get(channel) ?? []) listener(payload);
  }

  private reconnectLater(broken: pg.Client): void {
    if (this.closed || this.client !== broken) return;
    this.client = undefined;
    broken.removeAllListeners('notification');
    void leave(broken).catch(() => undefined);
    this.retry = setTimeout(() => {
      this.retry = undefined;
      void this.connect();
    }, RECONNECT_DELAY_MS);
  }
}
