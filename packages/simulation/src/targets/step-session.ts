import { EdenError } from '@eden/domain';
import type { Endpoint, OutsideSpec } from '@eden/domain';
import type { ExecutionLimits } from './procedures.js';
import { StatementFailed } from './statement-failed.js';
import { NOTHING_DONE, type StepRow } from './step-row.js';
import type { Procedure, TargetSession } from './target-session.js';
import { Connection, type TargetWay } from './target-way.js';

const STATEMENT_MS = 3_000;

export type Direction = 'doing' | 'undoing';

/** The session of one step outside the transaction, and the step's row (packages/targets/src/postgres/outside). */
export class StepSession {
  private readonly connection: Connection;

  constructor(
    readonly way: TargetWay,
    readonly endpoint: Endpoint,
    readonly spec: OutsideSpec,
  ) {
    const { runUuid, epoch, number } = spec;
    this.connection = new Connection(way, endpoint, `eden/${runUuid}/${epoch}/${number}`);
  }

  open(): Promise<void> {
    return this.connection.open();
  }

  close(): void {
    this.connection.sever();
  }

  send<T>(name: string, procedure: (session: TargetSession) => Procedure<T>): Promise<T> {
    return this.connection.send(name, procedure, 2 * STATEMENT_MS + this.way.silenceMs);
  }

  get limits(): ExecutionLimits {
    const { lockTimeoutMs = STATEMENT_MS, timeoutMs = Infinity } = this.spec.work;
    return { readOnly: false, lockTimeoutMs, timeoutMs };
  }

  get by(): string {
    return this.way.process.name;
  }

  /** Under the lock of the step, to the end of the session. @throws EdenError FENCED, TEMPLATE_EXECUTION_FAILED */
  async enter(direction: Direction): Promise<StepRow> {
    const found = await this.send('enterStep', (session) => this.enterRow(session, direction));
    if (found.isOurs) return found.row;
    throw this.refused(found.row);
  }

  /** What this session is told of a step that is not its own any more. */
  refused({ epoch: newest }: Pick<StepRow, 'epoch'>): EdenError {
    const { runUuid, epoch } = this.spec;
    const endpoint_id = this.endpoint.id;
    if (newest <= epoch)
      return new EdenError('TEMPLATE_EXECUTION_FAILED', { endpoint_id, message: 'this step was taken back already' });
    const details = 'The target knows a newer epoch of this step';
    return new EdenError('FENCED', { endpoint_id, run_uuid: runUuid, epoch, details, newer_epoch: newest });
  }

  /** Changes the row in a transaction of its own. */
  change(name: string, change: Partial<StepRow>): Promise<void> {
    return this.send(name, (session) => this.changeRow(session, change));
  }

  *changeRow(session: TargetSession, change: Partial<StepRow>): Procedure<void> {
    session.begin('step');
    yield* this.changeWithin(session, (row) => ({ ...row, ...change }));
    yield* this.commit(session);
  }

  /** In the session's transaction. @throws StatementFailed without a row */
  *changeWithin(session: TargetSession, change: (row: StepRow) => StepRow): Procedure<void> {
    yield* this.lockRow();
    const { work, database } = session;
    const known = database.steps.get(this.key);
    if (known === undefined || work === null) throw new StatementFailed('no row of the step');
    work.stepRows.set(this.key, change(known));
  }

  *lockRow(): Procedure<void> {
    yield { lock: `step/${this.key}`, mode: 'exclusive', timeoutMs: STATEMENT_MS };
  }

  *commit(session: TargetSession): Procedure<void> {
    const { work, database } = session;
    if (work === null) throw new StatementFailed('no transaction');
    yield { pauseMs: 0 };
    session.work = null;
    database.commit(work, this.by);
  }

  get key(): string {
    return `${this.spec.runUuid}/${this.spec.number}`;
  }

  private *enterRow(
    session: TargetSession,
    direction: Direction,
  ): Procedure<{ readonly isOurs: boolean; readonly row: StepRow }> {
    const { database } = session;
    const known = database.steps.get(this.key);
    if (known !== undefined && this.isOvertaken(known)) return { isOurs: false, row: known };
    this.takeLock(session);
    const work = session.begin('step');
    yield* this.lockRow();
    const found = database.steps.get(this.key);
    if (found !== undefined && (this.isOvertaken(found) || (direction === 'doing' && this.isTakenBack(found)))) {
      session.rollBack();
      return { isOurs: false, row: found };
    }
    const row = { ...rowIn(direction, found), epoch: this.spec.epoch };
    work.stepRows.set(this.key, row);
    yield* this.commit(session);
    return { isOurs: true, row };
  }

  private isOvertaken(row: StepRow): boolean {
    return row.epoch > this.spec.epoch && !this.way.broken.has('epoch-of-a-step');
  }

  private isTakenBack({ state }: StepRow): boolean {
    const isUndone = state === 'undoing' || state === 'undone';
    return isUndone && !this.way.broken.has('step-that-is-taken-back');
  }

  /** Held to the end of the session. Whoever has it lost the run: its session is ended. */
  private takeLock(session: TargetSession): void {
    const { stepHolders } = session.database;
    const holder = stepHolders.get(this.key);
    const isLeft = this.way.broken.has('holder-of-a-step-is-ended');
    if (holder !== undefined && holder !== session && !isLeft) holder.end();
    stepHolders.set(this.key, session);
  }
}

/** What was never begun is undone at once. */
function rowIn(direction: Direction, found: StepRow | undefined): Omit<StepRow, 'epoch'> {
  if (found === undefined) return { ...NOTHING_DONE, state: direction === 'doing' ? 'doing' : 'undone' };
  if (direction === 'doing' || found.state === 'undone') return found;
  return { ...found, state: 'undoing' };
}
