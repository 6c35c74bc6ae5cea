import type { Endpoint } from '@eden/domain';
import { connect, disconnect, sever } from './connect.js';
import type { AnswerLimits } from './guard/answer-limits.js';
import type { GuardedClient } from './guard/guarded-client.js';
import { OBSERVER_APPLICATION } from './names.js';
import { readSql } from './sql.js';

/** Who stands in the way of a lock, in wire spelling. A prepared transaction has no pid, application and query. */
export type Blocker = {
  readonly pid: number | null;
  readonly user: string;
  readonly application: string | null;
  readonly query: string | null;
  readonly age_ms: number | null;
  readonly database: string;
  readonly prepared_id: string | null;
};

const BLOCKERS = readSql('blockers');

/** Part of the lock timeout after which we look, again and again: so at least twice during any wait that runs out. */
const LOOK_EVERY = 0.4;

/** Shorter waits end before a second session could look; in longer ones, nobody should have to wait to be told. */
const LEAST_INTERVAL_MS = 10;
const LONGEST_INTERVAL_MS = 1_000;

export interface BlockerWatchOptions {
  readonly lockTimeoutMs: number;
  readonly connectTimeoutMs: number;
  readonly answers: AnswerLimits;
  /** Called each time somebody was seen. */
  readonly onSeen: (blockers: readonly Blocker[]) => void;
}

/**
 * Looks, from a second session, who blocks a waiting one. It must look while the wait lasts: afterwards nobody knows.
 * Statements that end soon cost nothing but a timer. All of it is best effort: what cannot be seen is not named.
 */
export class BlockerWatch {
  private readonly timer: NodeJS.Timeout;
  private looking: Promise<void> | undefined;
  private session: GuardedClient | undefined;
  private seen: readonly Blocker[] = [];

  constructor(
    private readonly endpoint: Endpoint,
    /** Application name of the session that may wait. */
    private readonly waiter: string,
    private readonly options: BlockerWatchOptions,
  ) {
    const look = () => (this.looking ??= this.look().finally(() => (this.looking = undefined)));
    const intervalMs = Math.min(LONGEST_INTERVAL_MS, options.lockTimeoutMs * LOOK_EVERY);
    this.timer = setInterval(() => void look(), Math.max(LEAST_INTERVAL_MS, intervalMs));
    this.timer.unref();
  }

  /** Stops looking; answers those seen last. */
  async stop(): Promise<readonly Blocker[]> {
    clearInterval(this.timer);
    await this.looking;
    if (this.session !== undefined) await disconnect(this.session);
    return this.seen;
  }

  private async look(): Promise<void> {
    const { connectTimeoutMs, answers, onSeen } = this.options;
    try {
      this.session ??= await connect(this.endpoint, {
        applicationName: OBSERVER_APPLICATION,
        connectTimeoutMs,
        answerTimeoutMs: connectTimeoutMs,
        answers,
      });
      const { rows } = await this.session.query<Blocker>(BLOCKERS, [this.waiter]);
      if (rows.length === 0) return;
      this.seen = rows;
      onSeen(rows);
    } catch {
      if (this.session !== undefined) sever(this.session);
      this.session = undefined;
    }
  }
}
