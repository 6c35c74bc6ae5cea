import type { Reply } from '../schedule/network.js';
import type { Scheduled } from '../schedule/scheduler.js';
import type { Mode } from './lock-table.js';
import type { TargetDatabase } from './target-database.js';
import { Work } from './work.js';

/** The server waits for a lock on behalf of a session, or lets others go on first. */
export type Pause = LockWish | { readonly pauseMs: number };

interface LockWish {
  readonly lock: string;
  readonly mode: Mode;
  readonly timeoutMs: number;
}

/** What a message makes a server do: runs until it has to wait. */
export type Procedure<T> = Generator<Pause, T, void>;

export class LockNotAvailable extends Error {
  override readonly name = 'LockNotAvailable';

  /** Who was in the way. */
  constructor(readonly blockers: readonly Work[]) {
    super('lock not available');
  }
}

/** Whoever has waited for so long looks whether somebody waits for him. */
const DEADLOCK_MS = 1_000;

export class DeadlockDetected extends Error {
  override readonly name = 'DeadlockDetected';

  constructor() {
    super('deadlock detected');
  }
}

/** The session was ended: by itself, by somebody else, or with its server. */
export class SessionLost extends Error {
  override readonly name = 'SessionLost';
}

/** A session at a target's server: one transaction after the other, one message at a time. */
export class TargetSession {
  work: Work | null = null;
  /** In a failed transaction nothing but a rollback is done. */
  hasFailed = false;
  isWaiting = false;
  private isOver = false;
  private stop: ((error: Error) => void) | null = null;

  constructor(
    readonly database: TargetDatabase,
    readonly application: string,
  ) {
    database.sessions.add(this);
  }

  /** Does what a message asks for and answers, after all that it has to wait for. */
  perform<T>(procedure: Procedure<T>, reply: Reply<T>): void {
    if (this.isOver) reply({ error: new SessionLost('the session is over') });
    else new Run(this, procedure, reply).advance(null);
  }

  begin(name: string): Work {
    this.rollBack();
    this.work = new Work(name);
    this.hasFailed = false;
    return this.work;
  }

  rollBack(): void {
    if (this.work !== null) this.database.release(this.work);
    this.work = null;
    this.hasFailed = false;
  }

  /** Everything that is not prepared goes with it. */
  end(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.database.sessions.delete(this);
    this.stop?.(new SessionLost('the session was ended'));
    this.rollBack();
  }

  whenEnded(stop: ((error: Error) => void) | null): void {
    this.stop = stop;
  }

  get isEnded(): boolean {
    return this.isOver;
  }
}

/** A message that is being worked on. */
class Run<T> {
  private isAnswered = false;

  constructor(
    private readonly session: TargetSession,
    private readonly procedure: Procedure<T>,
    private readonly reply: Reply<T>,
  ) {
    session.whenEnded((error) => this.answer({ error }));
  }

  advance(error: Error | null): void {
    if (this.isAnswered) return;
    try {
      const step = error === null ? this.procedure.next() : this.procedure.throw(error);
      if (step.done === true) this.answer({ value: step.value });
      else this.wait(step.value);
    } catch (thrown) {
      this.session.hasFailed = this.session.work !== null;
      this.answer({ error: thrown });
    }
  }

  private wait(pause: Pause): void {
    const { database } = this.session;
    if ('pauseMs' in pause) database.later(pause.pauseMs, () => this.advance(null));
    else this.takeLock(pause);
  }

  private takeLock({ lock, mode, timeoutMs }: LockWish): void {
    const { session } = this;
    const { database, work: holder } = session;
    if (holder === null) throw new TypeError('a lock outside of a transaction');
    const timers: Scheduled[] = [];
    const granted = (): void => {
      this.endWait(timers);
      holder.locks.add(lock);
      if (session.isEnded) database.release(holder);
      else database.later(0, () => this.advance(null));
    };
    const giveUp = database.locks.take(lock, mode, holder, granted);
    if (giveUp === null) {
      holder.locks.add(lock);
      this.advance(null);
      return;
    }
    session.isWaiting = true;
    const fail = (error: Error): void => {
      this.endWait(timers);
      giveUp();
      this.advance(error);
    };
    const search = (): void => {
      if (database.locks.isInACircle(holder)) fail(new DeadlockDetected());
    };
    const tooLate = (): void => {
      const inTheWay = database.locks.holdersOf(lock) as readonly Work[];
      fail(new LockNotAvailable(inTheWay.filter((work) => work !== holder)));
    };
    timers.push(database.later(DEADLOCK_MS, search), database.later(timeoutMs, tooLate));
    session.whenEnded((error) => {
      this.endWait(timers);
      giveUp();
      this.answer({ error });
    });
  }

  private endWait(timers: readonly Scheduled[]): void {
    this.session.isWaiting = false;
    for (const timer of timers) timer.cancel();
  }

  private answer(outcome: Parameters<Reply<T>>[0]): void {
    if (this.isAnswered) return;
    this.isAnswered = true;
    this.session.whenEnded(null);
    this.reply(outcome);
  }
}
