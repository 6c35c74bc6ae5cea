import { EdenError, type Endpoint, type OutsideSession, type OutsideSpec, type Uuid } from '@eden/domain';
import { fencedStep, takenBack } from '../../outside-fence.js';
import { SessionWatch } from '../../session-watch.js';
import { connect, type SessionOptions } from '../connect.js';
import {
  ERROR,
  hasErrno,
  isLockFailure,
  isServerError,
  isSessionLost,
  isSoAlready,
  statementError,
} from '../errors.js';
import { SessionGivenUp } from '../guard/guard-errors.js';
import type { Answer, GuardedSession } from '../guard/guarded-session.js';
import { stepLock } from '../names.js';
import { notePlace } from '../place.js';
import { isSilence, observe } from '../session-observer.js';
import { ANSWER_MARGIN_MS, literal, wholeSeconds } from '../sql.js';
import { Transaction, type Timeouts } from '../transaction.js';
import { kill } from '../two-phase.js';
import { MysqlBatches } from './batches.js';
import { definitionsOf, isSame } from './definitions.js';
import { piecesOf, type Piece } from './pieces.js';
import type { SchemaChange, SchemaObject } from './schema-change.js';
import {
  advanceSql,
  endSql,
  enterDoingSql,
  enterUndoingSql,
  noteSql,
  readStepSql,
  stepRow,
  type Definitions,
  type StepRow,
} from './step-row.js';

export interface OutsideLimits extends SessionOptions {
  readonly answerTimeoutMs: number;
  readonly silenceMs: number;
  /** The server ends a session that says nothing for so long. */
  readonly idleInTransactionMs: number;
  /** Makes our tables where they are missing, or older. */
  readonly install: (migrationUuid: Uuid) => Promise<unknown>;
}

/** Whoever reads a table waits behind a change of it that waits: it does not wait for long. */
const CHANGE_LOCK_TIMEOUT_MS = 10_000;

/** How long the end of an older session of the step is waited for. */
const HOLDER_END_MS = 5_000;

/** Before the place of a statement that takes something back. */
const UNDOING = 'u';

type SchemaPiece = Extract<Piece, { readonly kind: 'alone' }>;

/**
 * One step outside the transaction (protocol I35): what commits by itself here, and cannot commit together with its place in
 * the row of the step. So the row tells before each statement how the objects of it were defined, and whoever comes later looks
 * whether they still are: the server does all of a change of the schema, or nothing.
 */
export class MysqlOutside implements OutsideSession {
  readonly batches: MysqlBatches;
  private note: StepRow['note'] = {};
  private closing: Promise<void> | undefined;

  private constructor(
    private readonly session: GuardedSession,
    private readonly endpoint: Endpoint,
    private readonly spec: OutsideSpec,
    private readonly limits: OutsideLimits,
  ) {
    this.batches = new MysqlBatches({
      ...{ session, spec, answerTimeoutMs: limits.answerTimeoutMs, idleMs: limits.idleInTransactionMs },
      enter: () => this.enter(enterDoingSql(spec), ['doing', 'done']),
      attempt: (work) => this.attempt(work),
      refused: () => this.refused(),
    });
  }

  /** @throws EdenError ENDPOINT_UNAVAILABLE */
  static async open(endpoint: Endpoint, spec: OutsideSpec, limits: OutsideLimits): Promise<MysqlOutside> {
    return new MysqlOutside(await connect(endpoint, limits), endpoint, spec, limits);
  }

  carryOut(): Promise<void> {
    return this.attempt(async () => {
      const row = await this.enter(enterDoingSql(this.spec), ['doing', 'done']);
      if (row.state === 'done') return;
      const pieces = piecesOf(this.spec.work.statements);
      for (const [place, piece] of pieces.entries()) {
        if (piece.kind === 'setting') await this.send(piece);
        else if (place >= row.position) await this.doPiece(piece, place);
      }
      await this.own(endSql(this.spec, 'done'));
    });
  }

  compensate(): Promise<void> {
    return this.attempt(async () => {
      const row = await this.enter(enterUndoingSql(this.spec), ['undoing', 'undone']);
      if (row.state === 'undone') return;
      const pieces = piecesOf(this.spec.work.statements);
      if (await this.hasDoneAnything(pieces, row)) await this.undo(pieces, row);
      await this.own(endSql(this.spec, 'undone'));
    });
  }

  close(): Promise<void> {
    this.batches.close();
    this.session.sever();
    this.closing ??= this.session.end();
    return this.closing;
  }

  /** @throws EdenError FENCED */
  private async enter(sql: string, states: readonly StepRow['state'][]): Promise<StepRow> {
    const { idleInTransactionMs } = this.limits;
    await this.own(`SET SESSION wait_timeout = ${wholeSeconds(idleInTransactionMs)}`);
    await this.takeLock();
    const enter = async () => {
      await this.own(sql);
      return this.row();
    };
    const row = await enter().catch(async (error: unknown) => {
      if (!hasErrno(error, ERROR.noSuchTable)) throw error;
      await this.limits.install(this.spec.migrationUuid);
      return enter();
    });
    if (row === null || row.epoch > this.spec.epoch) throw this.fenced(row?.epoch);
    if (!states.includes(row.state)) throw takenBack(this.endpoint);
    this.note = row.note;
    const lockWait = wholeSeconds(this.timeouts.lockTimeoutMs);
    const settings = [
      `lock_wait_timeout = ${lockWait}`,
      `innodb_lock_wait_timeout = ${lockWait}`,
      `max_statement_time = ${this.timeouts.statementTimeoutMs / 1000}`,
    ];
    await this.own(`SET SESSION ${settings.join(', ')}`);
    return row;
  }

  private async row(): Promise<StepRow | null> {
    return stepRow((await this.own(readStepSql(this.spec))).rows[0]);
  }

  /** Held to the end of the session. Whoever has it lost the run: its session is ended, and with it what it is at. */
  private async takeLock(): Promise<void> {
    const lock = literal(stepLock(this.spec, this.session.database));
    const isTaken = async (seconds: number): Promise<boolean> => {
      const { rows } = await this.own(`SELECT GET_LOCK(${lock}, ${seconds}) AS got`, HOLDER_END_MS + ANSWER_MARGIN_MS);
      return rows[0]?.['got'] === 1;
    };
    if (await isTaken(0)) return;
    const newest = await this.newestEpoch();
    if (newest > this.spec.epoch) throw this.fenced(newest);
    const { rows } = await this.own(`SELECT IS_USED_LOCK(${lock}) AS holder`);
    const holder = rows[0]?.['holder'];
    if (typeof holder === 'number') await kill(this.session, holder, this.limits.answerTimeoutMs);
    if (await isTaken(wholeSeconds(HOLDER_END_MS))) return;
    const details = 'an older session of the step does not end';
    throw new EdenError('ENDPOINT_UNAVAILABLE', { endpoint_id: this.endpoint.id, details });
  }

  private async refused(): Promise<EdenError> {
    const newest = await this.newestEpoch();
    return newest > this.spec.epoch ? this.fenced(newest) : takenBack(this.endpoint);
  }

  /** Where it is newer than ours, it is us who have lost the run, and whoever has the lock goes on. */
  private async newestEpoch(): Promise<number> {
    try {
      return (await this.row())?.epoch ?? 0;
    } catch (error) {
      if (hasErrno(error, ERROR.noSuchTable)) return 0;
      throw error;
    }
  }

  private async doPiece(piece: Piece, place: number): Promise<void> {
    const advance = advanceSql(this.spec, 'position', place + 1);
    if (piece.kind !== 'alone') return this.inTransaction(piece, advance);
    await this.change(piece, { place: String(place), isUndoing: false });
    await this.own(advance);
  }

  /** Once, whoever has tried it before. */
  private async change(
    piece: SchemaPiece,
    { place, isUndoing }: { readonly place: string; readonly isUndoing: boolean },
  ): Promise<void> {
    const { change } = piece;
    const before = this.note[place];
    if (before !== undefined && (await this.isThrough(change, before))) return;
    const noted = before ?? (await this.noteDefinitions(change, place));
    try {
      await this.send(piece);
    } catch (error) {
      if (!isAnswered(error)) throw error;
      if (isSoAlready(error) && mayBeSo(change, { isUndoing, isAgain: before !== undefined })) return;
      if (isSame(noted, await this.definitions(change.objects))) await this.forget(place);
      throw error;
    }
  }

  private async noteDefinitions({ objects }: SchemaChange, place: string): Promise<Definitions> {
    const definitions = await this.definitions(objects);
    this.note = { ...this.note, [place]: definitions };
    await this.own(noteSql(this.spec, this.note));
    return definitions;
  }

  /** The server has refused it: nothing was done. */
  private async forget(place: string): Promise<void> {
    this.note = Object.fromEntries(Object.entries(this.note).filter(([each]) => each !== place));
    await this.own(noteSql(this.spec, this.note));
  }

  /** Of one that was sent, and whose answer nobody has seen. */
  private async isThrough({ again, objects }: SchemaChange, before: Definitions): Promise<boolean> {
    if (again === 'send') return false;
    const now = await this.definitions(objects);
    if (again === 'look') return !isSame(before, now);
    const other = objects.find((_, at) => now[at] !== null && now[at] !== before[at]);
    if (other === undefined) return now.every((definition) => definition === null);
    const message = `${other.name} is there, and is another one than was to be dropped: somebody has made it since`;
    throw new EdenError('TEMPLATE_EXECUTION_FAILED', { endpoint_id: this.endpoint.id, message });
  }

  /** Settings may stand before the first change, and a try before this one may have taken back some of it already. */
  private async hasDoneAnything(pieces: readonly Piece[], { position }: StepRow): Promise<boolean> {
    if (position > 0 || Object.keys(this.note).some((place) => place.startsWith(UNDOING))) return true;
    const first = pieces.findIndex(({ kind }) => kind !== 'setting');
    return this.isBegun(pieces[first], first);
  }

  /** Whether something of it may be there. */
  private async isBegun(piece: Piece | undefined, place: number): Promise<boolean> {
    const before = this.note[place];
    if (piece?.kind !== 'alone' || before === undefined) return false;
    const { again, objects } = piece.change;
    return again === 'send' || !isSame(before, await this.definitions(objects));
  }

  private async undo(pieces: readonly Piece[], row: StepRow): Promise<void> {
    const foreign = await this.madeByOthers(pieces, row);
    for (const [place, piece] of piecesOf(this.spec.work.undo ?? []).entries()) {
      if (piece.kind === 'setting') await this.send(piece);
      else if (place >= row.undone) await this.undoPiece(piece, { place, foreign });
    }
  }

  /** Objects that the step was to make and found there: its rollback would drop what is somebody else's. */
  private async madeByOthers(pieces: readonly Piece[], { position }: StepRow): Promise<readonly SchemaObject[]> {
    const others: SchemaObject[] = [];
    for (const [place, piece] of pieces.entries()) {
      const object = piece.kind === 'alone' && piece.change.creates ? piece.change.objects[0] : undefined;
      if (object === undefined) continue;
      const isDone = place < position || (await this.isBegun(piece, place));
      const wasThere = (this.note[place]?.[0] ?? null) !== null;
      if (!isDone || wasThere) others.push(object);
    }
    return others;
  }

  private async undoPiece(
    piece: Piece,
    { place, foreign }: { readonly place: number; readonly foreign: readonly SchemaObject[] },
  ): Promise<void> {
    const advance = advanceSql(this.spec, 'undone', place + 1);
    if (piece.kind !== 'alone') return this.inTransaction(piece, advance);
    if (!isOthers(piece.change, foreign)) await this.change(piece, { place: `${UNDOING}${place}`, isUndoing: true });
    await this.own(advance);
  }

  private async inTransaction({ statement }: Piece, advance: string): Promise<void> {
    const transaction = new Transaction(this.session, this.timeouts);
    await transaction.own('START TRANSACTION READ WRITE', this.limits.answerTimeoutMs);
    try {
      await transaction.run([statement], { rows: 'discard' });
      await transaction.own(advance, this.limits.answerTimeoutMs);
      await transaction.own('COMMIT', this.limits.answerTimeoutMs);
    } catch (error) {
      await this.own('ROLLBACK').catch(() => undefined);
      throw error;
    }
  }

  private async send({ statement }: Piece): Promise<void> {
    const { statementTimeoutMs } = this.timeouts;
    const answerTimeoutMs = statementTimeoutMs === 0 ? 0 : statementTimeoutMs + ANSWER_MARGIN_MS;
    try {
      await this.session.query(statement.text, { rows: 'discard', answerTimeoutMs });
    } catch (error) {
      notePlace(error, statement.place);
      throw error;
    }
  }

  private definitions(objects: readonly SchemaObject[]): Promise<Definitions> {
    return definitionsOf(this.session, objects, this.limits.answerTimeoutMs);
  }

  private own(sql: string, answerTimeoutMs = this.limits.answerTimeoutMs): Promise<Answer> {
    return this.session.query(sql, { answerTimeoutMs });
  }

  private get timeouts(): Timeouts {
    const { lockTimeoutMs = CHANGE_LOCK_TIMEOUT_MS, timeoutMs = 0 } = this.spec.work;
    return { lockTimeoutMs, statementTimeoutMs: timeoutMs };
  }

  /** With somebody who looks at the session from outside. */
  private async attempt<T>(work: () => Promise<T>): Promise<T> {
    const { endpoint, session, spec, limits } = this;
    const watch = new SessionWatch(session, {
      silenceMs: limits.silenceMs,
      connect: () => observe(endpoint, { id: session.id, database: session.database }, limits),
      isSilence,
      lockTimeoutMs: this.timeouts.lockTimeoutMs,
      onBlocked: (blockers) => spec.onBlocked({ endpoint_id: endpoint.id, blockers }),
    });
    try {
      return await work();
    } catch (error) {
      const blockers = await watch.stop();
      const cause = watch.givenUp === undefined ? error : new SessionGivenUp(watch.givenUp);
      throw statementError(endpoint.id, cause, isLockFailure(cause) ? { blockers } : {});
    } finally {
      await watch.stop();
    }
  }

  private fenced(newer: number | undefined): EdenError {
    return fencedStep(this.endpoint, this.spec, newer);
  }
}

/** The server has said that it was not done; a session that was ended in the middle of it may have done it. */
function isAnswered(error: unknown): boolean {
  return isServerError(error) && !isSessionLost(error);
}

/** Whether the step may be through when something of it is as it should be: a DROP of several drops those that are there. */
function mayBeSo(
  { again, isSingle }: SchemaChange,
  { isUndoing, isAgain }: { readonly isUndoing: boolean; readonly isAgain: boolean },
): boolean {
  return again === 'finish' ? isUndoing || isAgain : isUndoing && isSingle;
}

function isOthers({ again, objects }: SchemaChange, foreign: readonly SchemaObject[]): boolean {
  return (
    again === 'finish' &&
    objects.every(({ kind, name }) => foreign.some((other) => other.kind === kind && other.name === name))
  );
}
