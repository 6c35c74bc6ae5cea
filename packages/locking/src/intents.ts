import type { Redis } from 'ioredis';
import { disconnect, type Masters } from './masters.js';

/** Where acquire-write.lua publishes the key of every intent that it leaves. */
const CHANNEL = 'eden:lock:intents';

export interface IntentListener {
  /** A writer waits: the name of its intent's key. */
  onIntent(key: string): void;
  /** A master can be heard (again); what it published before was missed. */
  onListening(): void;
}

/**
 * Hears on all masters that a writer waits. Fire and forget, as all of Redis' pub/sub: whoever must know also reads the
 * intents from time to time.
 */
export class Intents {
  private readonly connections: readonly Redis[];

  constructor(masters: Masters, listener: IntentListener) {
    this.connections = masters.clients.map((master) => listen(master, listener));
  }

  /** Makes a connection that died without a word notice it, and connect again. */
  async probe(): Promise<void> {
    await Promise.allSettled(this.connections.map((connection) => connection.ping()));
  }

  async close(): Promise<void> {
    await Promise.all(this.connections.map(disconnect));
  }
}

/** A connection of its own: one that listens cannot ask. */
function listen(master: Redis, listener: IntentListener): Redis {
  const connection = master.duplicate({ autoResubscribe: false });
  // The connection for commands to the same master tells what is wrong.
  connection.on('error', () => undefined);
  connection.on('message', (_channel, key) => listener.onIntent(key));
  connection.on('ready', () => void subscribe(connection, listener));
  return connection;
}

async function subscribe(connection: Redis, listener: IntentListener): Promise<void> {
  try {
    await connection.subscribe(CHANNEL);
    listener.onListening();
  } catch {
    // Connected and deaf would be the worst of both: the next connection tries again.
    connection.disconnect(true);
  }
}
