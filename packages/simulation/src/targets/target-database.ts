import type { DatabaseIdentity, LedgerRow, PreparedTransaction } from '@eden/domain';
import { parsePreparedId } from '@eden/domain';
import { calendarOf } from '../schedule/calendar.js';
import { Server } from '../schedule/network.js';
import type { Scheduler } from '../schedule/scheduler.js';
import type { StepStatement, WriteStatement } from './statements.js';
import { LockTable } from './lock-table.js';

/** What a transaction will have changed once it has committed. */
export class Work {
  readonly steps: StepStatement[] = [];
  readonly writes: WriteStatement[] = [];
  readonly gates = new Map<string, number>();
  readonly fences = new Map<string, number>();
  ledger: (LedgerRow & { readonly run: string }) | null = null;
  readonly locks = new Set<string>();

  constructor(readonly name: string) {}

  /** The state that a savepoint goes back to. */
  mark(): () => void {
    const [steps, writes] = [this.steps.length, this.writes.length];
    return () => {
      this.steps.length = steps;
      this.writes.length = writes;
    };
  }
}

export interface LedgerEntry extends LedgerRow {
  readonly run: string;
}

/** How one participant of a run stands in a database; for the invariants. */
export interface TargetWatch {
  prepared(database: TargetDatabase, work: Work): void;
  committed(database: TargetDatabase, work: Work, by: string): void;
  rolledBack(database: TargetDatabase, gid: string, by: string): void;
}

/** A session at a database, as those see it who end it. */
export interface OpenSession {
  readonly application: string;
  end(): void;
}

/** What a database is. */
export interface TargetNature {
  readonly name: string;
  readonly place: string;
  readonly canPrepare: boolean;
}

/** What a failover has taken. */
export interface Loss {
  readonly lost: number;
  /** Nothing is left of something that had been prepared or committed. */
  readonly hasLostData: boolean;
}

/**
 * A target database in memory. What is prepared survives everything but a failover to a standby that has not got it; what
 * is not prepared ends with its session.
 */
export class TargetDatabase extends Server {
  readonly locks = new LockTable();
  readonly sessions = new Set<OpenSession>();
  readonly counters = new Map<string, number>();
  /** `<run>/<binding>` → how often its steps have been committed. */
  readonly effects = new Map<string, number>();
  readonly gates = new Map<string, number>();
  readonly fences = new Map<string, number>();
  ledger: LedgerEntry[] = [];
  readonly prepared = new Map<string, { readonly work: Work; readonly at: number }>();
  /** Its own, once `_eden` is installed; a copy brings that of its original along. */
  private id: string | null = null;
  /** Of another database, and takes itself for it. */
  isCopy = false;
  /** Raised by whoever changes its schema beside the service. */
  schema = 1;
  /** How to take back each durable change, the last one last. */
  private readonly history: (() => void)[] = [];

  /** Where it is: the same for a copy. */
  readonly place: string;
  readonly canPrepare: boolean;

  constructor(
    { name, place, canPrepare }: TargetNature,
    private readonly scheduler: Scheduler,
    private readonly watch: TargetWatch,
  ) {
    super(name);
    [this.place, this.canPrepare] = [place, canPrepare];
  }

  get now(): number {
    return this.scheduler.now;
  }

  get identity(): DatabaseIdentity {
    return { key: this.id ?? this.place, place: this.place, name: this.name };
  }

  install(migration: string): void {
    this.id ??= `id-${this.name}`;
    if (!this.fences.has(migration)) this.fences.set(migration, 0);
  }

  /** Compare-and-set: false when it has another id by now. */
  renew(shared: string, id: string): boolean {
    if (this.id !== shared) return false;
    this.id = id;
    return true;
  }

  later(delayMs: number, work: () => void) {
    return this.scheduler.schedule(delayMs, work);
  }

  release(work: Work): void {
    for (const key of work.locks) this.locks.release(key, work);
    work.locks.clear();
  }

  prepare(gid: string, work: Work): void {
    this.prepared.set(gid, { work, at: this.now });
    this.history.push(() => {
      this.prepared.delete(gid);
      this.release(work);
    });
    this.watch.prepared(this, work);
  }

  /** False when nothing is prepared under that id. */
  commitPrepared(gid: string, by: string): boolean {
    const found = this.prepared.get(gid);
    if (found === undefined) return false;
    this.prepared.delete(gid);
    const locks = [...found.work.locks];
    this.apply(found.work, by, () => this.prepareAgain(gid, found, locks));
    return true;
  }

  rollbackPrepared(gid: string, by: string): boolean {
    const found = this.prepared.get(gid);
    if (found === undefined) return false;
    this.prepared.delete(gid);
    const locks = [...found.work.locks];
    this.release(found.work);
    this.history.push(() => this.prepareAgain(gid, found, locks));
    this.watch.rolledBack(this, gid, by);
    return true;
  }

  commit(work: Work, by: string): void {
    this.apply(work, by, () => undefined);
  }

  /**
   * A standby takes over that has not got the last durable changes. Data is lost where nothing is left of what had been
   * prepared or committed.
   */
  failOver(changes: number): Loss {
    for (const session of [...this.sessions]) session.end();
    const before = this.tokens();
    const lost = this.history.splice(Math.max(0, this.history.length - changes));
    for (const undo of lost.toReversed()) undo();
    const after = this.tokens();
    const hasLostData = [...before].some((token) => !after.has(token));
    return { lost: lost.length, hasLostData };
  }

  /** Of what is prepared, and of what has committed. */
  private tokens(): ReadonlySet<string> {
    const prepared = [...this.prepared.keys()].flatMap((gid) => parsePreparedId(gid)?.token ?? []);
    return new Set([...prepared, ...this.ledger.map(({ token }) => token)]);
  }

  listPrepared(installation: string): readonly PreparedTransaction[] {
    return [...this.prepared].flatMap(([preparedId, { at }]) => {
      const parts = parsePreparedId(preparedId);
      if (parts === null || parts.installation !== installation) return [];
      return [{ ...parts, preparedId, preparedAt: calendarOf(at), role: 'eden', xidAge: 0 }];
    });
  }

  ledgerOf(run: string): readonly LedgerRow[] {
    return this.ledger.flatMap(({ run: of, epoch, number, token }) => (of === run ? [{ epoch, number, token }] : []));
  }

  counterOf(api: string): number {
    return this.counters.get(api) ?? 0;
  }

  /** A base backup: what is committed and what is prepared, under the same name. */
  copyTo(copy: TargetDatabase): void {
    copy.isCopy = true;
    copy.id = this.id;
    copy.schema = this.schema;
    for (const part of ['counters', 'effects', 'gates', 'fences'] as const) {
      for (const [key, value] of this[part]) copy[part].set(key, value);
    }
    copy.ledger = [...this.ledger];
    for (const [gid, { work, at }] of this.prepared) {
      for (const key of work.locks) copy.locks.force(key, work);
      copy.prepared.set(gid, { work, at });
    }
  }

  private prepareAgain(
    gid: string,
    found: { readonly work: Work; readonly at: number },
    locks: readonly string[],
  ): void {
    this.prepared.set(gid, found);
    for (const key of locks) {
      this.locks.force(key, found.work);
      found.work.locks.add(key);
    }
  }

  private apply(work: Work, by: string, alsoUndo: () => void): void {
    const undos = [
      ...work.steps.map((step) => this.applyStep(step)),
      ...[...work.gates].map(([api, version]) => replace(this.gates, api, version)),
      ...[...work.fences].map(([migration, epoch]) => replace(this.fences, migration, epoch)),
    ];
    const { ledger } = this;
    if (work.ledger !== null) this.ledger = [...ledger, work.ledger];
    this.history.push(() => {
      this.ledger = ledger;
      for (const undo of undos.toReversed()) undo();
      alsoUndo();
    });
    this.watch.committed(this, work, by);
    this.release(work);
  }

  private applyStep({ api, by, run, binding }: StepStatement): () => void {
    const undoCounter = replace(this.counters, api, this.counterOf(api) + by);
    const effect = effectOf({ run, binding, by });
    const undoEffect = replace(this.effects, effect, (this.effects.get(effect) ?? 0) + 1);
    return () => {
      undoCounter();
      undoEffect();
    };
  }
}

function replace(map: Map<string, number>, key: string, value: number): () => void {
  const before = map.get(key);
  map.set(key, value);
  return () => {
    if (before === undefined) map.delete(key);
    else map.set(key, before);
  };
}

/** A rollback is given the run of the migrate that it undoes. */
export function effectOf({ run, binding, by }: Pick<StepStatement, 'run' | 'binding' | 'by'>): string {
  return `${run}/${binding}/${by}`;
}
