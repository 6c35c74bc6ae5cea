import type { DatabaseIdentity, KnownRun, LedgerRow, PreparedTransaction } from '@eden/domain';
import { parsePreparedId } from '@eden/domain';
import { calendarOf } from '../schedule/calendar.js';
import { Server } from '../schedule/network.js';
import type { Scheduler } from '../schedule/scheduler.js';
import { Backfills } from './backfills.js';
import { History } from './history.js';
import type { StepRow } from './step-row.js';
import type { OutsideStatement, StepStatement } from './statements.js';
import { LockTable } from './lock-table.js';
import type { Index, Work } from './work.js';

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
  /** For a lock. */
  readonly isWaiting: boolean;
  end(): void;
}

/** What a database is. */
export interface TargetNature {
  readonly name: string;
  readonly place: string;
  readonly canPrepare: boolean;
  /** How many transactions may be prepared at once. */
  readonly slots?: number;
}

/** What a standby shows of its primary. */
interface Replicated {
  readonly id: string | null;
  readonly counters: ReadonlyMap<string, number>;
  readonly gates: ReadonlyMap<string, number>;
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
  readonly items = new Set<number>();
  /** Of steps outside the transaction, by `<run>/<number>`; and the sessions that are at them. */
  readonly steps = new Map<string, StepRow>();
  readonly stepHolders = new Map<string, OpenSession>();
  readonly backfills = new Backfills();
  readonly indexes = new Map<string, Index>();
  private indexesMade = 0;
  /** Of the tools whose folders are sources. */
  readonly toolHistory = new History();
  ledger: LedgerEntry[] = [];
  readonly prepared = new Map<string, { readonly work: Work; readonly at: number }>();
  /** Its own, once `_eden` is installed; a copy brings that of its original along. */
  private id: string | null = null;
  private readonly formerIds = new Set<string>();
  /** Of another database, and takes itself for it. */
  isCopy = false;
  /** Raised by whoever changes its schema beside the service. */
  schema = 1;
  /** How to take back each durable change, the last one last. */
  private readonly history: (() => void)[] = [];

  /** Where it is: the same for a copy. */
  readonly place: string;
  readonly canPrepare: boolean;
  readonly slots: number;
  /** What replays each commit later. */
  standby: TargetDatabase | null = null;
  isStandby = false;
  /** Of a standby: how far behind it is, and until when all is replayed that it was sent. */
  lagMs: () => number = () => 0;
  private replayedAt = 0;
  /** Which of the primaries before this one it follows. */
  private standing = 0;

  constructor(
    { name, place, canPrepare, slots = Infinity }: TargetNature,
    private readonly scheduler: Scheduler,
    private readonly watch: TargetWatch,
  ) {
    super(name);
    [this.place, this.canPrepare, this.slots] = [place, canPrepare, slots];
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
    this.replayAtOnce();
  }

  private replayAtOnce(): void {
    this.standby?.replay({ id: this.id, counters: this.counters, gates: this.gates });
  }

  /** What is read of a database that follows this one. */
  private replay({ id, counters, gates }: Replicated): void {
    this.id = id;
    for (const [key, value] of counters) this.counters.set(key, value);
    for (const [key, value] of gates) this.gates.set(key, value);
  }

  /** Each commit at its time, one after the other. */
  private sendToStandby(): void {
    const { standby } = this;
    if (standby === null) return;
    const committed = { id: this.id, counters: new Map(this.counters), gates: new Map(this.gates) };
    standby.replayedAt = Math.max(standby.replayedAt, this.now + standby.lagMs());
    const { standing } = standby;
    this.later(standby.replayedAt - this.now, () => {
      if (standing === standby.standing) standby.replay(committed);
    });
  }

  /** Compare-and-set: false when it has another id by now. */
  renew(shared: string, id: string): boolean {
    if (this.id !== shared) return false;
    this.formerIds.add(shared);
    this.id = id;
    return true;
  }

  /** Whether that is its id, or was before it was found to be a copy. */
  hasBeen(key: string): boolean {
    return this.identity.key === key || this.formerIds.has(key);
  }

  later(delayMs: number, work: () => void) {
    return this.scheduler.schedule(delayMs, work);
  }

  /** What an index is known by, beside its name. */
  nextIndex(): number {
    return (this.indexesMade += 1);
  }

  release(work: Work): void {
    for (const key of work.locks) this.locks.release(key, work);
    work.locks.clear();
  }

  prepare(gid: string, work: Work): void {
    work.preparedId = gid;
    this.prepared.set(gid, { work, at: this.now });
    this.history.push(() => {
      this.prepared.delete(gid);
      this.release(work);
    });
    this.watch.prepared(this, work);
  }

  forget({ uuid, token, epoch }: KnownRun): void {
    this.ledger = this.ledger.filter((row) => row.run !== uuid || row.token !== token);
    for (const [key, step] of [...this.steps]) {
      if (key.startsWith(`${uuid}/`) && step.epoch <= epoch) this.steps.delete(key);
    }
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
    // It is built anew from whatever took over.
    if (this.standby !== null) this.standby.standing += 1;
    this.replayAtOnce();
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
    for (const [step, row] of this.steps) copy.steps.set(step, row);
    for (const part of ['counters', 'effects', 'gates', 'fences'] as const) {
      for (const [key, value] of this[part]) copy[part].set(key, value);
    }
    this.toolHistory.copyTo(copy.toolHistory);
    this.backfills.copyTo(copy.backfills);
    for (const [name, index] of this.indexes) copy.indexes.set(name, index);
    copy.indexesMade = this.indexesMade;
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
      ...[...work.stepRows].map(([step, row]) => replace(this.steps, step, row)),
      ...work.outside.map((step) => this.count(step)),
      ...[...work.indexes].map(([name, index]) => replace(this.indexes, name, index)),
      this.backfills.apply(work),
      this.toolHistory.apply(work),
    ];
    const { ledger } = this;
    if (work.ledger !== null) this.ledger = [...ledger, work.ledger];
    for (const id of work.items) this.items.add(id);
    for (const id of work.removed) this.items.delete(id);
    this.history.push(() => {
      this.ledger = ledger;
      for (const id of work.removed) this.items.add(id);
      for (const id of work.items) this.items.delete(id);
      for (const undo of undos.toReversed()) undo();
      alsoUndo();
    });
    this.watch.committed(this, work, by);
    this.release(work);
    if (work.steps.length + work.gates.size > 0) this.sendToStandby();
  }

  /** How often it was done here. */
  timesOf(effect: Effect): number {
    return this.effects.get(effectOf(effect)) ?? 0;
  }

  private count(effect: Effect): () => void {
    return replace(this.effects, effectOf(effect), this.timesOf(effect) + 1);
  }

  private applyStep(step: StepStatement): () => void {
    const undoCounter = replace(this.counters, step.api, this.counterOf(step.api) + step.by);
    const undoEffect = this.count(step);
    return () => {
      undoCounter();
      undoEffect();
    };
  }
}

/** @param value Null: it goes. */
function replace<T>(map: Map<string, T>, key: string, value: T | null): () => void {
  const before = map.get(key);
  if (value === null) map.delete(key);
  else map.set(key, value);
  return () => {
    if (before === undefined) map.delete(key);
    else map.set(key, before);
  };
}

type Effect = Pick<StepStatement, 'run' | 'binding' | 'by'>;

/** A rollback is given the run of the migrate that it undoes. */
export function effectOf({ run, binding, by }: Effect): string {
  return `${run}/${binding}/${by}`;
}
