import type { Redis } from 'ioredis';
import { disconnect, type Masters } from './masters.js';

/** What the scripts publish (lua/*.lua). */
export interface Announcements {
  /** A writer has left its intent: the name of its key. */
  onIntent(key: string): void;
  /** A lock was given back, and the writer with that claim is the next. */
  onTurn(claimId: string, master: Redis): void;
  /** A lock was given back, and only readers wait for it: the name of their key. */
  onOpening(key: string, master: Redis): void;
  /** A master can be heard (again); what it published before was missed. */
  onListening(): void;
}

const INTENTS = 'eden:lock:intents';
const OPENINGS = 'eden:lock:openings';
/** One channel for each process, so that a turn wakes up nobody else. */
const TURNS = 'eden:lock:turns:';

export interface AnnouncerOptions {
  readonly masters: Masters;
  readonly process: string;
  readonly probeEveryMs: number;
  readonly listener: Announcements;
}

/**
 * Hears all masters. Fire and forget, as all of Redis' pub/sub: whoever must know of an intent also reads it from time
 * to time, and whoever waits for its turn also asks from time to time.
 */
export class Announcer {
  private readonly connections: readonly Redis[];
  private readonly probes: NodeJS.Timeout;

  constructor({ masters, process, probeEveryMs, listener }: AnnouncerOptions) {
    const channels = [INTENTS, OPENINGS, `${TURNS}${process}`];
    this.connections = masters.clients.map((master) => listen(master, channels, listener));
    this.probes = setInterval(() => void this.probe(), probeEveryMs);
  }

  /** Makes a connection that died without a word notice it, and connect again. */
  private async probe(): Promise<void> {
    await Promise.allSettled(this.connections.map((connection) => connection.ping()));
  }

  async close(): Promise<void> {
    clearInterval(this.probes);
    await Promise.all(this.connections.map(disconnect));
  }
}

/** A connection of its own: one that listens cannot ask. */
function listen(master: Redis, channels: readonly string[], listener: Announcements): Redis {
  const connection = master.duplicate({ autoResubscribe: false });
  // The connection for commands to the same master tells what is wrong.
  connection.on('error', () => undefined);
  connection.on('message', (channel, text) => {
    if (channel === INTENTS) listener.onIntent(text);
    else if (channel === OPENINGS) listener.onOpening(text, master);
    else listener.onTurn(text, master);
  });
  connection.on('ready', () => void subscribe(connection, channels, listener));
  return connection;
}

async function subscribe(connection: Redis, channels: readonly string[], listener: Announcements): Promise<void> {
  try {
    await connection.subscribe(...channels);
    listener.onListening();
  } catch {
    // Connected and deaf would be the worst of both: the next connection tries again.
    connection.disconnect(true);
  }
}
