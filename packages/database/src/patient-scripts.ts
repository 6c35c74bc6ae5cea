import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';

/** How long a script waits for one lock; whoever wants the same tables waits behind it as long. */
const LOCK_TIMEOUT_MS = 2_000;
/** Between two tries, for those who waited. */
const PAUSE_MS = 1_000;
export const LOCK_TRIES = 30;
const LOOK_MS = 250;
const LOCK_NOT_AVAILABLE = '55P03';

const BLOCKERS = `SELECT format('%s (%s, %s) since %s: %s', a.pid, a.usename, a.application_name, a.xact_start, left(a.query, 80)) AS who
  FROM unnest(pg_blocking_pids($1)) AS blocking JOIN pg_stat_activity a ON a.pid = blocking`;

/**
 * Runs each script as one simple query, which PostgreSQL runs as one transaction. One that meets locks of others gives way
 * and is tried again; the last try names them.
 */
export class PatientScripts {
  /** Why the last script was given up; null when it was not, or not for that. */
  blocked: Error | null = null;

  constructor(
    private readonly pool: pg.Pool,
    private readonly tries: number,
  ) {}

  /** @throws DatabaseError of the last try */
  async run(script: string): Promise<void> {
    for (let tried = 1; ; tried += 1) {
      const blockers = await this.tryOnce(script);
      if (blockers === null) return;
      if (tried >= this.tries) throw this.giveUp(blockers);
      await delay(PAUSE_MS);
    }
  }

  /** Who was in the way; null when it is done. */
  private async tryOnce(script: string): Promise<readonly string[] | null> {
    const client = await this.pool.connect();
    const watch = this.watch(client);
    try {
      await client.query(`SET LOCAL lock_timeout = ${LOCK_TIMEOUT_MS};\n${script}`);
      return null;
    } catch (error) {
      if (!(error instanceof pg.DatabaseError) || error.code !== LOCK_NOT_AVAILABLE) throw error;
      return await watch.stop();
    } finally {
      await watch.stop();
      client.release();
    }
  }

  /** Looks from a second session: of a wait that is over nothing tells any more. */
  private watch(client: pg.PoolClient): { stop(): Promise<readonly string[]> } {
    const { processID: pid } = client as unknown as { readonly processID: number };
    const stop = new AbortController();
    const seen = new Set<string>();
    const looking = (async () => {
      while (!stop.signal.aborted) {
        await delay(LOOK_MS, undefined, { signal: stop.signal }).catch(() => undefined);
        const { rows } = await this.pool.query<{ who: string }>(BLOCKERS, [pid]);
        for (const { who } of rows) seen.add(who);
      }
    })().catch(() => undefined);
    return {
      stop: async () => {
        stop.abort();
        await looking;
        return [...seen];
      },
    };
  }

  private giveUp(blockers: readonly string[]): Error {
    const who = blockers.length === 0 ? 'sessions that were not seen' : blockers.join('; ');
    const message = `others keep tables of the control database locked, in ${this.tries} tries: ${who}`;
    this.blocked = new Error(
      `${message}; end them, or deploy again when they are through: nothing was changed by the migration that waited`,
    );
    return this.blocked;
  }
}
