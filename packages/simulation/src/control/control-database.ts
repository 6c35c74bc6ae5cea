import { EdenError } from '@eden/domain';
import type { Process } from '../schedule/process.js';
import type { Network, Reply } from '../schedule/network.js';
import { Server } from '../schedule/network.js';
import type { Scheduler } from '../schedule/scheduler.js';
import { TABLES, type TableName, type Tables } from './tables.js';
import { Blocked, Transaction, type Channel, type Committed, type Notification } from './transaction.js';

/** How long a statement waits for a row that another transaction has. */
const LOCK_WAIT_MS = 2_000;

/** How long a process waits for an answer. */
const ANSWER_MS = 2_000;

interface Change {
  readonly table: TableName;
  readonly key: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** One commit, as an asynchronous standby follows it. */
export interface Commit {
  readonly changes: readonly Change[];
}

interface Subscription {
  readonly process: Process;
  readonly channel: Channel;
  readonly listener: (payload: string | null) => void;
}

/** What watches every commit of a control database; for the invariants. */
export type CommitWatch = (commit: Commit) => void;

/**
 * The control database in memory: transactions with row locks, LISTEN that may lose messages, and a log of its commits,
 * so that a standby which has not followed the last ones can take over.
 */
export class ControlDatabase extends Server implements Committed {
  timeline = 1;
  readonly log: Commit[] = [];
  private readonly tables: { readonly [T in TableName]: Map<string, Tables[T]> };
  private readonly locks = new Map<string, Transaction>();
  private readonly lockedBy = new Map<Transaction, string[]>();
  private waiting: (() => void)[] = [];
  private readonly subscriptions = new Set<Subscription>();
  private orders = 0;
  /** Whatever a statement locks that is blocked in the end, nobody has waited for. */
  private isTrying = false;

  constructor(
    name: string,
    readonly network: Network,
    private readonly scheduler: Scheduler,
    private readonly watch: CommitWatch,
  ) {
    super(name);
    this.tables = Object.fromEntries(TABLES.map((table) => [table, new Map()])) as unknown as typeof this.tables;
  }

  get now(): number {
    return this.scheduler.now;
  }

  nextOrder(): number {
    return (this.orders += 1);
  }

  table<T extends TableName>(name: T): ReadonlyMap<string, Tables[T]> {
    return this.tables[name];
  }

  lock(row: string, transaction: Transaction): boolean {
    const holder = this.locks.get(row);
    if (holder === transaction) return true;
    if (holder !== undefined) return false;
    this.locks.set(row, transaction);
    const rows = this.lockedBy.get(transaction) ?? [];
    rows.push(row);
    this.lockedBy.set(transaction, rows);
    return true;
  }

  end(transaction: Transaction): void {
    transaction.isOver = true;
    for (const row of this.lockedBy.get(transaction) ?? []) this.locks.delete(row);
    this.lockedBy.delete(transaction);
    if (this.isTrying) return;
    for (const again of this.waiting.splice(0)) this.scheduler.schedule(0, again);
  }

  begin(): Transaction {
    const transaction = new Transaction(this);
    this.lockedBy.set(transaction, []);
    return transaction;
  }

  commit(transaction: Transaction): void {
    const changes: Change[] = [];
    for (const [table, changed] of transaction.changes) {
      const rows = this.tables[table] as Map<string, unknown>;
      for (const [key, after] of changed) {
        changes.push({ table, key, before: rows.get(key) ?? null, after });
        write(rows, key, after);
      }
    }
    const { notifications } = transaction;
    this.end(transaction);
    if (changes.length === 0) return;
    const commit = { changes };
    this.log.push(commit);
    this.notify(notifications);
    this.watch(commit);
  }

  /** Writes without a process that asks, for what is there when the simulation begins and for what operators do. */
  atOnce<T>(statement: (transaction: Transaction) => T): T {
    const transaction = this.begin();
    try {
      const value = statement(transaction);
      this.commit(transaction);
      return value;
    } catch (error) {
      this.isTrying = error instanceof Blocked;
      transaction.rollBack();
      this.isTrying = false;
      throw error;
    }
  }

  /** A transaction of one statement, which a process asks for. */
  ask<T>(process: Process, name: string, statement: (transaction: Transaction) => T): Promise<T> {
    return this.network.ask(process, {
      name,
      server: this,
      patienceMs: ANSWER_MS,
      unavailable: serviceUnavailable,
      perform: (reply: Reply<T>) => {
        this.whenUnlocked(() => this.atOnce(statement), reply);
      },
    });
  }

  /** A statement of a transaction that stays open. */
  askWithin<T>(
    process: Process,
    name: string,
    transaction: Transaction,
    statement: (transaction: Transaction) => T,
  ): Promise<T> {
    const once = (): T => {
      if (transaction.isOver) throw serviceUnavailable();
      const undo = transaction.mark();
      try {
        return statement(transaction);
      } catch (error) {
        if (error instanceof Blocked) undo();
        throw error;
      }
    };
    return this.network.ask(process, {
      name,
      server: this,
      patienceMs: 2 * ANSWER_MS,
      unavailable: serviceUnavailable,
      perform: (reply: Reply<T>) => {
        this.whenUnlocked(once, reply);
      },
      // A COMMIT may still be on its way.
      onGivenUp: () => {
        if (name !== 'store.commit') transaction.rollBack();
      },
    });
  }

  listen(process: Process, channel: Channel, listener: (payload: string | null) => void): () => void {
    const subscription = { process, channel, listener };
    this.subscriptions.add(subscription);
    process.onEnd(() => this.subscriptions.delete(subscription));
    return () => this.subscriptions.delete(subscription);
  }

  /**
   * A standby takes over that has not followed the last `commits`; all connections end with the old primary. Answers
   * what was lost.
   */
  failOver(commits: number): readonly Commit[] {
    this.timeline += 1;
    for (const transaction of [...this.lockedBy.keys()]) transaction.rollBack();
    const lost = commits === 0 ? [] : this.log.splice(-commits);
    for (const { changes } of lost.toReversed()) {
      for (const { table, key, before } of changes.toReversed()) {
        write(this.tables[table] as Map<string, unknown>, key, before);
      }
    }
    for (const { process, listener } of this.subscriptions) {
      process.deliver(this.network.between(500, 1_500), () => listener(null));
    }
    return lost;
  }

  /** Everything that is committed, at another place. */
  copyTo(copy: ControlDatabase): void {
    for (const table of TABLES) {
      const rows = copy.tables[table] as Map<string, unknown>;
      for (const [key, row] of this.tables[table]) rows.set(key, row);
    }
    copy.timeline = this.timeline;
    copy.orders = this.orders;
  }

  private whenUnlocked<T>(statement: () => T, reply: Reply<T>, deadline = this.now + LOCK_WAIT_MS): void {
    try {
      reply({ value: statement() });
    } catch (error) {
      if (!(error instanceof Blocked)) reply({ error });
      else if (this.now >= deadline) reply({ error: serviceUnavailable() });
      else this.waitFor(() => this.whenUnlocked(statement, reply, deadline), deadline);
    }
  }

  private waitFor(again: () => void, deadline: number): void {
    let isWaiting = true;
    const once = (): void => {
      if (!isWaiting) return;
      isWaiting = false;
      timeout.cancel();
      again();
    };
    const timeout = this.scheduler.schedule(deadline - this.now, once);
    this.waiting.push(once);
  }

  private notify(notifications: readonly Notification[]): void {
    for (const { channel, payload } of notifications) {
      for (const subscription of this.subscriptions) {
        if (subscription.channel === channel) this.send(subscription, payload);
      }
    }
  }

  /** A connection that breaks loses messages, and those who listen are told once it is there again. */
  private send({ process, listener }: Subscription, payload: string): void {
    const isLost = this.network.fate() !== 'normal';
    const delay = isLost ? this.network.between(500, 3_000) : this.network.latency();
    process.deliver(delay, () => listener(isLost ? null : payload));
  }
}

function write(rows: Map<string, unknown>, key: string, row: unknown): void {
  if (row === null) rows.delete(key);
  else rows.set(key, row);
}

function serviceUnavailable(): EdenError {
  return new EdenError('SERVICE_UNAVAILABLE', { details: 'The control database does not answer' });
}
