import type { Reply } from '../schedule/network.js';
import type { Scheduled } from '../schedule/scheduler.js';
import type { Mode } from './lock-table.js';
import { Work, type TargetDatabase } from './target-database.js';

/** The server waits for a lock on behalf of a session, or lets others go on first. */
export type Pause =
  { readonly lock: string; readonly mode: Mode; readonly timeoutMs: number } | { readonly pauseMs: number };

/** What a message makes a server do: runs until it has to wait. */
export type Procedure<T> = Generator<Pause, T, void>;

export class LockNotAvailable extends Error {
  override readonly name = 'LockNotAvailable';

  constructor(readonly blockers: readonly string[]) {
    super('lock not available');
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
    if ('pauseMs' in pause) {
      database.later(pause.pauseMs, () => this.advance(null));
      return;
    }
    const holder = this.session.work;
    if (holder === null) throw new TypeError('a lock outside of a transaction');
    let timeout: Scheduled | null = null;
    const granted = (): void => {
      timeout?.cancel();
      holder.locks.add(pause.lock);
      if (this.session.isEnded) database.release(holder);
      else database.later(0, () => this.advance(null));
    };
    const giveUp = database.locks.take(pause.lock, pause.mode, holder, granted);
    if (giveUp === null) {
      holder.locks.add(pause.lock);
      this.advance(null);
      return;
    }
    timeout = database.later(pause.timeoutMs, () => {
      giveUp();
      this.advance(new LockNotAvailable(database.locks.holdersOf(pause.lock).map((each) => (each as Work).name)));
    });
    this.session.whenEnded((error) => {
      timeout?.cancel();
      giveUp();
      this.answer({ error });
    });
  }

  private answer(outcome: Parameters<Reply<T>>[0]): void {
    if (this.isAnswered) return;
    this.isAnswered = true;
    this.session.whenEnded(null);
    this.reply(outcome);
  }
}
