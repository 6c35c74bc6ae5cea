import { readHostList, type SessionAttrs } from '@eden/domain';
import pg from 'pg';
import { leave } from './driver-state.js';

/*
 * The hosts of the control database, of which one is its primary. The driver knows one host only: the one that fits is
 * found by asking all of them, kept until it is refused or turns out to be a primary no longer, and found anew then.
 */

/** Shorter than the wait for a connection, so that who comes next finds the answer. */
const PROBE_TIMEOUT_MS = 1_000;

const QUESTIONS: Readonly<Record<Exclude<SessionAttrs, 'any'>, string>> = {
  primary: 'SELECT NOT pg_is_in_recovery() AS fits',
  'read-write': "SELECT NOT pg_is_in_recovery() AND current_setting('transaction_read_only') = 'off' AS fits",
};

export class ControlHosts {
  private readonly urls: readonly string[];
  private readonly sessionAttrs: SessionAttrs;
  private found: string | undefined;
  private search: Promise<string> | undefined;
  /** How often a host was given up: a connection that was begun before is one to a host that did not do. */
  private turns = 0;
  private readonly demotions = new Set<() => void>();

  /** Whether they are poolers', which lend a session for one transaction. */
  readonly lendsSessions: boolean;

  /** @throws TypeError for what is no connection string; quotes nothing of it */
  constructor(url: string, { lendsSessions = false } = {}) {
    const list = readHostList(url);
    if (list === null) throw new TypeError('not a connection string of PostgreSQL');
    this.lendsSessions = lendsSessions;
    this.urls = list.urls;
    this.sessionAttrs = list.sessionAttrs;
  }

  /** A connection string of the first host: all that is the same for all of them. */
  get first(): string {
    return this.urls[0] ?? '';
  }

  /** A connection string for the host that fits now. @throws Error of the last host when none does */
  find(): Promise<string> {
    if (this.urls.length === 1 && this.sessionAttrs === 'any') return Promise.resolve(this.first);
    if (this.found !== undefined) return Promise.resolve(this.found);
    this.search ??= this.ask().finally(() => (this.search = undefined));
    return this.search;
  }

  get turn(): number {
    return this.turns;
  }

  /** No connection could be had: whoever connects next looks again. */
  failed(): void {
    this.found = undefined;
  }

  /** The host that was found takes no writes any more: connections to it are of no use. */
  forget(): void {
    this.found = undefined;
    this.turns += 1;
  }

  /** The server that we are connected to has said that it takes no writes any more. */
  demoted(): void {
    this.forget();
    for (const listener of this.demotions) listener();
  }

  onDemoted(listener: () => void): void {
    this.demotions.add(listener);
  }

  /** All at once; of those that fit, the first in order. */
  private async ask(): Promise<string> {
    const { turn } = this;
    const answers = this.urls.map((url) => this.probe(url));
    for (const answer of answers) answer.catch(() => undefined);
    let reason: unknown;
    for (const answer of answers) {
      try {
        const found = await answer;
        if (turn === this.turn) this.found = found;
        return found;
      } catch (error) {
        reason = error;
      }
    }
    throw reason;
  }

  private async probe(url: string): Promise<string> {
    const client = new pg.Client({
      connectionString: url,
      application_name: 'eden-hosts',
      connectionTimeoutMillis: PROBE_TIMEOUT_MS,
      query_timeout: PROBE_TIMEOUT_MS,
    });
    client.on('error', () => undefined);
    try {
      await client.connect();
      if (this.sessionAttrs !== 'any') await this.assertFits(client, this.sessionAttrs);
      return url;
    } finally {
      void leave(client).catch(() => undefined);
    }
  }

  private async assertFits(client: pg.Client, attrs: Exclude<SessionAttrs, 'any'>): Promise<void> {
    const { rows } = await client.query<{ fits: boolean }>(QUESTIONS[attrs]);
    // As the driver says it of a server that does not answer: it may pass.
    if (rows[0]?.fits !== true) throw new Error(`timeout expired: no host of the control database is ${attrs}`);
  }
}

/** As it is without a callback, which the driver's types do not tell apart. */
const connect = pg.Client.prototype.connect as (this: pg.Client) => Promise<unknown>;

type Connected = (error: Error | null, client?: pg.Client) => void;

/** A client that connects to the host that fits when it connects. */
export function clientOf(hosts: ControlHosts): typeof pg.Client {
  class HostedClient extends pg.Client {}
  const connectAt = async (client: pg.Client): Promise<pg.Client> => {
    const { turn } = hosts;
    const { host, port } = new pg.Client({ connectionString: await hosts.find() });
    Object.assign(client, { host, port });
    try {
      await connect.call(client);
    } catch (error) {
      hosts.failed();
      throw error;
    }
    if (turn === hosts.turn) return client;
    await leave(client);
    throw new Error('timeout expired: the host of the control database has changed meanwhile');
  };
  HostedClient.prototype.connect = function connect(this: pg.Client, callback?: Connected) {
    const connected = connectAt(this);
    if (callback === undefined) return connected;
    connected.then(() => callback(null, this), callback);
    return undefined;
  } as pg.Client['connect'];
  return HostedClient;
}
