import type { Blocker, Endpoint } from '@eden/domain';
import type { Admission } from './admission.js';
import { connect, disconnect, sever } from './connect.js';
import type { AnswerLimits } from './guard/answer-limits.js';
import type { GuardedClient } from './guard/guarded-client.js';
import { OBSERVER_APPLICATION } from './names.js';
import { readSql } from './sql.js';

const BLOCKERS = readSql('blockers');

/** Part of the lock timeout after which we look, again and again: so at least twice during any wait that runs out. */
const LOOK_EVERY = 0.4;

/** Shorter waits end before a second session could look; in longer ones, nobody should have to wait to be told. */
const LEAST_INTERVAL_MS = 10;
const LONGEST_INTERVAL_MS = 1_000;

/** Most statements wait at their beginning or not at all: after looks in vain, the next ones come ever later. */
const LOOKS_BEFORE_BACKOFF = 3;
const LONGEST_BACKOFF_MS = 10_000;

/** How long after `inVain` looks in a row that saw nobody the next one comes. */
export function nextLookMs(lockTimeoutMs: number, inVain: number): number {
  const interval = Math.max(LEAST_INTERVAL_MS, Math.min(LONGEST_INTERVAL_MS, lockTimeoutMs * LOOK_EVERY));
  return Math.min(LONGEST_BACKOFF_MS, interval * 2 ** Math.max(0, inVain - LOOKS_BEFORE_BACKOFF));
}

export interface BlockerWatchOptions {
  readonly lockTimeoutMs: number;
  readonly connectTimeoutMs: number;
  readonly admission: Admission;
  readonly answers: AnswerLimits;
  /** Called each time somebody was seen. */
  readonly onSeen: (blockers: readonly Blocker[]) => void;
}

/**
 * Looks, from a second session, who blocks a waiting one. It must look while the wait lasts: afterwards nobody knows.
 * Statements that end soon cost nothing but a timer. All of it is best effort: what cannot be seen is not named.
 */
export class BlockerWatch {
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> | undefined;
  private stopped = false;
  private inVain = 0;
  private session: GuardedClient | undefined;
  private seen: readonly Blocker[] = [];

  constructor(
    private readonly endpoint: Endpoint,
    /** Application name of the session that may wait. */
    private readonly waiter: string,
    private readonly options: BlockerWatchOptions,
  ) {
    this.schedule();
  }

  /** Stops looking; answers those seen last. */
  async stop(): Promise<readonly Blocker[]> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.looking;
    if (this.session !== undefined) await disconnect(this.session);
    return this.seen;
  }

  private schedule(): void {
    if (this.stopped) return;
    const look = () => (this.looking = this.look().finally(() => this.schedule()));
    this.timer = setTimeout(() => void look(), nextLookMs(this.options.lockTimeoutMs, this.inVain));
    this.timer.unref();
  }

  private async look(): Promise<void> {
    this.inVain += 1;
    const { connectTimeoutMs, admission, answers, onSeen } = this.options;
    try {
      this.session ??= await connect(this.endpoint, {
        applicationName: OBSERVER_APPLICATION,
        connectTimeoutMs,
        admission,
        answerTimeoutMs: connectTimeoutMs,
        answers,
      });
      const { rows } = await this.session.query<Blocker>(BLOCKERS, [this.waiter]);
      if (rows.length === 0) return;
      this.inVain = 0;
      this.seen = rows;
      onSeen(rows);
    } catch {
      if (this.session !== undefined) sever(this.session);
      this.session = undefined;
    }
  }
}
