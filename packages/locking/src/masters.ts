import { once } from 'node:events';
import { EdenError } from '@eden/domain';
import type { Redis } from 'ioredis';
import { BatchedScripts } from './batched-scripts.js';
import { BatchingRedis } from './batching-redis.js';

export interface MastersOptions {
  /** redis:// or rediss://, an odd number of servers that do not replicate each other. */
  readonly urls: readonly string[];
  readonly commandTimeoutMs: number;
  /** Shown by CLIENT LIST. */
  readonly connectionName: string;
  readonly onError: (error: Error) => void;
}

/** A connection may take that many command timeouts to come up, or to be silent although an answer is due. */
const CONNECT_TIMEOUTS = 4;
const MAX_RECONNECT_DELAY_MS = 1000;
const RECONNECT_STEP_MS = 50;

/**
 * One connection per lock master, reconnecting by itself. Nothing is queued or sent again: a command that waited in a
 * queue would plant a lock that nobody holds.
 */
export class Masters {
  readonly clients: readonly Redis[];
  /** The same, as they are asked for locks. */
  readonly voters: readonly BatchedScripts[];
  readonly quorum: number;
  /** Resolves when every master has connected or failed to, once. Never rejects. */
  readonly connected: Promise<unknown>;
  private ended = 0;

  /** @throws RangeError for an even number of masters, a master named twice, or another scheme. */
  constructor(private readonly options: MastersOptions) {
    checkUrls(options.urls);
    this.quorum = Math.floor(options.urls.length / 2) + 1;
    this.clients = options.urls.map((url) => this.connect(url));
    this.voters = this.clients.map((client) => new BatchedScripts(client));
    this.connected = Promise.all(this.clients.map((client) => this.firstOutcome(client)));
  }

  /** How many connections have ended so far. */
  get breaks(): number {
    return this.ended;
  }

  /** What the masters answer that do answer. */
  async answers<T>(ask: (master: Redis) => Promise<T>): Promise<T[]> {
    await this.connected;
    const results = await Promise.allSettled(this.clients.map(ask));
    return results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  }

  /** @throws EdenError SERVICE_UNAVAILABLE when no quorum of masters answers. */
  async quorumAnswers<T>(ask: (master: Redis) => Promise<T>): Promise<T[]> {
    const answers = await this.answers(ask);
    if (answers.length < this.quorum) throw this.unavailable(answers.length);
    return answers;
  }

  unavailable(answering: number): EdenError {
    const details = `${answering} of ${this.clients.length} lock masters answer, ${this.quorum} are needed`;
    return new EdenError('SERVICE_UNAVAILABLE', { details });
  }

  /** What is already on its way to a master that answers still arrives. */
  async close(): Promise<void> {
    await Promise.all(this.clients.map(disconnect));
  }

  private connect(url: string): Redis {
    const { commandTimeoutMs, connectionName, onError } = this.options;
    const client = new BatchingRedis(url, {
      connectionName,
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      autoResendUnfulfilledCommands: false,
      commandTimeout: commandTimeoutMs,
      disconnectTimeout: commandTimeoutMs,
      connectTimeout: CONNECT_TIMEOUTS * commandTimeoutMs,
      // A peer that vanished without a word: TCP alone would hold on to the connection for a quarter of an hour.
      socketTimeout: CONNECT_TIMEOUTS * commandTimeoutMs,
      retryStrategy: (times) => Math.min(times * RECONNECT_STEP_MS, MAX_RECONNECT_DELAY_MS) * (0.5 + Math.random() / 2),
    });
    client.on('error', onError);
    client.on('close', () => (this.ended += 1));
    return client;
  }

  private async firstOutcome(client: Redis): Promise<void> {
    try {
      await once(client, 'ready', { signal: AbortSignal.timeout(CONNECT_TIMEOUTS * this.options.commandTimeoutMs) });
    } catch {
      // Not there (yet): from here on the votes tell.
    }
  }
}

export async function disconnect(client: Redis): Promise<void> {
  const isOpen = ['connecting', 'connect', 'ready'].includes(client.status);
  const ended = new Promise((resolve) => client.once('end', resolve));
  client.disconnect();
  // Between two attempts to reconnect there is no connection that could end.
  if (isOpen) await ended;
}

function checkUrls(urls: readonly string[]): void {
  // With an even number, halves that see only each other's locks never come to a decision.
  if (urls.length % 2 === 0) throw new RangeError(`${urls.length} lock masters: their number must be odd`);
  if (new Set(urls).size < urls.length) throw new RangeError('a lock master is named twice');
  // The message leaves the URL out: it may hold a password.
  if (!urls.every((url) => /^rediss?:\/\//.test(url))) throw new RangeError('a lock master is not a redis[s]:// URL');
}
