import type { Blocker } from '@eden/domain';

/** Part of the lock timeout after which we look, again and again: so at least twice during any wait that runs out. */
const LOOK_EVERY = 0.4;

/** Shorter waits end before a second session could look; in longer ones, nobody should have to wait to be told. */
const LEAST_INTERVAL_MS = 10;
const LONGEST_INTERVAL_MS = 1_000;

/** Most statements wait at their beginning or not at all: after looks in vain, the next ones come ever later. */
const LOOKS_BEFORE_BACKOFF = 3;
const LONGEST_BACKOFF_MS = 10_000;

/** Looks within the time after which a session is given up. */
const LOOKS_BEFORE_GIVING_UP = 3;

/** How long after `inVain` looks in a row that saw nobody the next one comes. */
export function nextLookMs(lockTimeoutMs: number, inVain: number): number {
  const interval = Math.max(LEAST_INTERVAL_MS, Math.min(LONGEST_INTERVAL_MS, lockTimeoutMs * LOOK_EVERY));
  return Math.min(LONGEST_BACKOFF_MS, interval * 2 ** Math.max(0, inVain - LOOKS_BEFORE_BACKOFF));
}

/** What a second session sees of one that waits for an answer. */
export interface SessionState {
  readonly there: boolean;
  /** For us, as far as can be seen. */
  readonly works: boolean;
  /** It waits for a synchronous standby to have what it has written. */
  readonly standby: boolean;
}

/** A second session, which looks at the first one. */
export interface Observer {
  look(): Promise<{ readonly blockers: readonly Blocker[]; readonly state: SessionState }>;
  end(): Promise<void>;
  sever(): void;
}

/** The session that waits for an answer. */
export interface Watched {
  /** Bytes so far. */
  readonly received: number;
  sever(): void;
}

export interface SessionWatchOptions {
  readonly lockTimeoutMs: number;
  /** For which the session may neither be answered nor be seen at work; it is cut off then. */
  readonly silenceMs: number;
  connect(): Promise<Observer>;
  /** Whether nobody has said anything: no refusal of the server, and none of ours. */
  isSilence(error: unknown): boolean;
  /** Called each time that somebody was seen who blocks it. */
  readonly onBlocked: (blockers: readonly Blocker[]) => void;
}

/** Why no answer is to be expected. */
const SILENCES = {
  silent: 'the target is silent: neither this session nor a new one is answered',
  unanswered: 'the server has nothing left to do for this session, but its answer does not arrive',
  standby: 'the server waits for a synchronous standby, which does not answer',
} as const;

type Sight = 'at work' | 'unknown' | keyof typeof SILENCES;

/**
 * Looks from a second session at one that waits for an answer. Statements that end soon cost nothing but a timer.
 *
 * It tells who blocks the session, and must do so while the wait lasts: afterwards nobody knows. And it cuts off a
 * session whose answer cannot be expected any more, because most statements of a migration have no limit: one at which
 * nothing was received for `silenceMs` although it was not at work, as far as could be seen. What cannot be told is in
 * its favour: a server that lets nobody else in, a pooler without a free connection, a session that nobody has seen.
 */
export class SessionWatch {
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> | undefined;
  private stopped = false;
  private inVain = 0;
  private observer: Observer | undefined;
  private seen: readonly Blocker[] = [];
  private wasThere = false;
  private received: number;
  private suspectSince: number | undefined;
  private reason: string | undefined;

  constructor(
    private readonly session: Watched,
    private readonly options: SessionWatchOptions,
  ) {
    this.received = session.received;
    this.schedule();
  }

  /** Why the session was cut off. */
  get givenUp(): string | undefined {
    return this.reason;
  }

  /** Stops looking; answers the blockers seen last. */
  async stop(): Promise<readonly Blocker[]> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.looking;
    await this.observer?.end();
    return this.seen;
  }

  private schedule(): void {
    if (this.stopped) return;
    const { lockTimeoutMs, silenceMs } = this.options;
    const look = () => (this.looking = this.look().finally(() => this.schedule()));
    const delayMs = Math.min(nextLookMs(lockTimeoutMs, this.inVain), silenceMs / LOOKS_BEFORE_GIVING_UP);
    this.timer = setTimeout(() => void look(), delayMs);
    this.timer.unref();
  }

  private async look(): Promise<void> {
    const startedAt = performance.now();
    this.inVain += 1;
    const sight = await this.observe();
    if (!this.stopped) this.judge(sight, startedAt);
  }

  private async observe(): Promise<Sight> {
    let isIn = false;
    try {
      const isNew = this.observer === undefined;
      const observer = (this.observer ??= await this.options.connect());
      isIn = isNew;
      const { blockers, state } = await observer.look();
      this.tell(blockers);
      return this.sightOf(state);
    } catch (error) {
      this.observer?.sever();
      this.observer = undefined;
      return isIn || !this.options.isSilence(error) ? 'unknown' : 'silent';
    }
  }

  private tell(blockers: readonly Blocker[]): void {
    if (blockers.length === 0) return;
    this.inVain = 0;
    this.seen = blockers;
    this.options.onBlocked(blockers);
  }

  private sightOf({ there, works, standby }: SessionState): Sight {
    if (!there && !this.wasThere) return 'unknown';
    this.wasThere = true;
    if (works) return 'at work';
    return standby ? 'standby' : 'unanswered';
  }

  /** What has arrived meanwhile counts more than what was seen. */
  private judge(sight: Sight, lookedAt: number): void {
    const { received } = this.session;
    const isAlive = sight === 'at work' || sight === 'unknown' || received !== this.received;
    this.received = received;
    if (isAlive) {
      this.suspectSince = undefined;
      return;
    }
    this.suspectSince ??= lookedAt;
    if (performance.now() - this.suspectSince < this.options.silenceMs) return;
    this.reason = SILENCES[sight];
    this.session.sever();
  }
}
