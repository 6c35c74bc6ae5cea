import type { TableName, Tables } from './tables.js';

/** Somebody else has the row locked: the statement has to wait, and is then made again on the row as it is by then. */
export class Blocked extends Error {
  override readonly name = 'Blocked';
}

type Changed = Map<string, unknown>;

/** What a transaction needs of its database. */
export interface Committed {
  table<T extends TableName>(name: T): ReadonlyMap<string, Tables[T]>;
  /** Takes the row lock for the transaction, or answers false when another one has it. */
  lock(row: string, transaction: Transaction): boolean;
  end(transaction: Transaction): void;
}

export type Channel = 'eden_run' | 'eden_run_released' | 'eden_outbox';

export interface Notification {
  readonly channel: Channel;
  readonly payload: string;
}

/**
 * READ COMMITTED: each statement sees what is committed and what the transaction itself has written; what it writes it
 * has locked. Nothing of it is seen by others before its commit.
 */
export class Transaction {
  readonly changes = new Map<TableName, Changed>();
  readonly notifications: Notification[] = [];
  isOver = false;

  constructor(private readonly database: Committed) {}

  get<T extends TableName>(name: T, key: string): Tables[T] | null {
    const changed = this.changes.get(name);
    if (changed?.has(key) === true) return changed.get(key) as Tables[T] | null;
    return this.database.table(name).get(key) ?? null;
  }

  all<T extends TableName>(name: T): readonly Tables[T][] {
    const rows = this.database.table(name);
    const changed = this.changes.get(name);
    if (changed === undefined) return [...rows.values()];
    const merged = new Map<string, unknown>([...rows, ...changed]);
    return [...merged.values()].filter((row) => row !== null) as Tables[T][];
  }

  /** @throws Blocked */
  lock(name: TableName, key: string): void {
    this.lockNamed(`${name}/${key}`);
  }

  /** What a unique index locks. @throws Blocked */
  lockNamed(row: string): void {
    if (!this.database.lock(row, this)) throw new Blocked(row);
  }

  /** Writes a row, or deletes it. @throws Blocked */
  put<T extends TableName>(name: T, key: string, row: Tables[T] | null): void {
    this.lock(name, key);
    const changed = this.changes.get(name) ?? new Map<string, unknown>();
    changed.set(key, row);
    this.changes.set(name, changed);
  }

  /** Changes a row that is there. @throws Blocked */
  change<T extends TableName>(name: T, key: string, change: Partial<Tables[T]>): void {
    const row = this.get(name, key);
    if (row !== null) this.put(name, key, { ...row, ...change });
  }

  notify(channel: Channel, payload: string): void {
    this.notifications.push({ channel, payload });
  }

  /** A statement that has to wait is begun anew from here. */
  mark(): () => void {
    const before = [...this.changes].map(([name, changed]) => [name, new Map(changed)] as const);
    const notified = this.notifications.length;
    return () => {
      this.changes.clear();
      for (const [name, changed] of before) this.changes.set(name, changed);
      this.notifications.length = notified;
    };
  }

  rollBack(): void {
    if (this.isOver) return;
    this.changes.clear();
    this.notifications.length = 0;
    this.database.end(this);
  }
}
