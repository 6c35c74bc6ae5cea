import {
  EdenError,
  type Endpoint,
  type OutsideSession,
  type OutsideSpec,
  type RecordStep,
  type Statement,
  type Uuid,
} from '@eden/domain';
import type { QueryResult } from 'pg';
import type { Admission } from '../admission.js';
import { connect, disconnect, sever } from '../connect.js';
import { hasSqlstate, isAnswered, isUnfit, SQLSTATE, statementError } from '../errors.js';
import type { AnswerLimits } from '../../answer-limits.js';
import { SessionGivenUp } from '../guard/guard-errors.js';
import type { GuardedClient } from '../guard/guarded-client.js';
import { participantApplication, runApplicationPrefix, stepKey } from '../names.js';
import { atPlace } from '../place.js';
import { fencedStep, takenBack } from '../../outside-fence.js';
import { SessionWatch } from '../../session-watch.js';
import { isSilence, observe, watched } from '../session-observer.js';
import { shortTransaction } from '../short-transaction.js';
import { splitStatements, type SingleStatement } from '../split.js';
import { DURABLY, milliseconds, readSql } from '../sql.js';
import { Transaction, type Timeouts } from '../transaction.js';
import { PostgresBatches } from './batches.js';
import { ConcurrentIndexes } from './concurrent-index.js';
import { withExecutionTime } from './execution-time.js';
import { piecesOf, type Piece } from './pieces.js';
import {
  advanceSql,
  endSql,
  enterDoingSql,
  enterUndoingSql,
  epochSql,
  forgetSql,
  noteSql,
  stepRow,
  type PieceNote,
  type StepRow,
} from './step-row.js';

export interface OutsideLimits {
  readonly connectTimeoutMs: number;
  readonly answerTimeoutMs: number;
  readonly silenceMs: number;
  readonly admission: Admission;
  readonly answers: AnswerLimits;
  /** Brings `_eden` to the version of this build. */
  readonly install: (migrationUuid: Uuid) => Promise<unknown>;
}

const END_STEP_HOLDERS = readSql('end-step-holders');

/** A concurrent build waits for every transaction that is older than it: longer than any statement should. */
const BUILD_LOCK_TIMEOUT_MS = 600_000;

/** A statement within a transaction waits for no older ones, and others queue up behind it. */
const LOCK_TIMEOUT_MS = 30_000;

/** Not as the role that the step may have set, but as the session began; behind the transaction that one holds again. */
const AS_OURSELVES = ['SET LOCAL SESSION AUTHORIZATION DEFAULT', 'SET LOCAL role TO DEFAULT'];

/** How long the end of an older session of the step is waited for. */
const HOLDER_END_MS = 5_000;

/** The server asks so often whether the worker is still there. */
const CHECK_CONNECTION = `SELECT CASE WHEN current_setting('client_connection_check_interval', true) IS NOT NULL
  AND version() ~ 'linux' THEN set_config('client_connection_check_interval', '100', false) END`;

/**
 * One step outside the transaction (protocol I35). Nothing of this session stays open while a statement runs that waits for
 * older transactions, and nobody waits for its lock inside a transaction: a concurrent build would wait for that one.
 */
export class PostgresOutside implements OutsideSession {
  readonly batches: PostgresBatches;
  private closing: Promise<void> | undefined;
  private readonly indexes: ConcurrentIndexes;
  /** What the step has set itself. */
  private readonly ownSettings = new Set<string | null>();

  private constructor(
    private readonly client: GuardedClient,
    private readonly endpoint: Endpoint,
    private readonly spec: OutsideSpec,
    private readonly limits: OutsideLimits,
  ) {
    this.indexes = new ConcurrentIndexes(client, endpoint, {
      send: (statement) => this.send(statement),
      note: (place, note) => this.note(place, note),
    });
    this.batches = new PostgresBatches({
      ...{ client, spec },
      enter: () => this.enter(enterDoingSql(spec)),
      attempt: (work) => this.attempt(work),
      fenced: () => this.refused(),
    });
  }

  /** @throws EdenError ENDPOINT_UNAVAILABLE */
  static async open(endpoint: Endpoint, spec: OutsideSpec, limits: OutsideLimits): Promise<PostgresOutside> {
    const { connectTimeoutMs, admission, answers } = limits;
    const applicationName = participantApplication(spec);
    const client = await connect(endpoint, { applicationName, connectTimeoutMs, admission, answers });
    return new PostgresOutside(client, endpoint, spec, limits);
  }

  carryOut(): Promise<void> {
    return this.attempt(async () => {
      const row = await this.enter(enterDoingSql(this.spec));
      if (row.state === 'done') return;
      const pieces = await piecesOf(this.spec.work.statements);
      for (const [place, piece] of pieces.entries()) await this.doPiece(piece, place, row);
      await this.end('done', this.spec.work.record);
    });
  }

  compensate(): Promise<void> {
    return this.attempt(async () => {
      const row = await this.enter(enterUndoingSql(this.spec));
      if (row.state === 'undone') return;
      const pieces = await piecesOf(this.spec.work.statements);
      for (const [place, { reindexed }] of pieces.entries()) {
        await this.indexes.dropLeftovers(reindexed, row.note[place]);
      }
      if (isAllIndexes(pieces)) await this.indexes.drop(row);
      else if (hasDoneAnything(row)) await this.undo(this.spec.work.undo ?? [], row);
      await this.end('undone', row.recorded ? this.spec.work.unrecord : []);
    });
  }

  close(): Promise<void> {
    sever(this.client);
    this.closing ??= disconnect(this.client);
    return this.closing;
  }

  /** @throws EdenError FENCED */
  private async enter(sql: string): Promise<StepRow> {
    await this.client.query(CHECK_CONNECTION);
    await this.assertDirect();
    await this.takeLock();
    const row = await this.enterRow(sql).catch(async (error: unknown) => {
      if (!hasSqlstate(error, SQLSTATE.undefinedTable)) throw error;
      await this.limits.install(this.spec.migrationUuid);
      return this.enterRow(sql);
    });
    if (row === null) throw await this.refused();
    await this.client.query(
      `SET lock_timeout = ${milliseconds(this.timeouts.lockTimeoutMs)}; SET statement_timeout = ${milliseconds(this.timeouts.statementTimeoutMs)}`,
    );
    return row;
  }

  private async enterRow(sql: string): Promise<StepRow | null> {
    return stepRow((await this.short([sql]))[0]);
  }

  /**
   * A pooler gives its clients other numbers than the server has for its sessions. Behind one that lends a session for each
   * transaction, the lock of the step would be anybody's, and settings and temporary objects as well.
   */
  private async assertDirect(): Promise<void> {
    const { rows } = await this.client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    if (rows[0]?.pid === this.client.backend) return;
    throw new EdenError('ENDPOINT_NOT_ALLOWED', {
      endpoint_id: this.endpoint.id,
      ...{ reason: 'pooler', setting: null },
      details:
        'A pooler stands before the server, and a step outside the transaction needs a session of its own: give the endpoint the address of the server itself',
    });
  }

  /** Held to the end of the session. Whoever has it lost the run: its session is ended. */
  private async takeLock(): Promise<void> {
    const key = stepKey(this.spec);
    const isTaken = async (): Promise<boolean> => {
      const { rows } = await this.client.query<{ taken: boolean }>(`SELECT pg_try_advisory_lock(${key}) AS taken`);
      return rows[0]?.taken === true;
    };
    if (await isTaken()) return;
    const newest = await this.newestEpoch();
    if (newest > this.spec.epoch) throw fencedStep(this.endpoint, this.spec, newest);
    await this.client.query(END_STEP_HOLDERS, [String(key), runApplicationPrefix(this.spec.runUuid), HOLDER_END_MS]);
    if (await isTaken()) return;
    const details = 'an older session of the step does not end';
    throw new EdenError('ENDPOINT_UNAVAILABLE', { endpoint_id: this.endpoint.id, details });
  }

  private async refused(): Promise<EdenError> {
    const newest = await this.newestEpoch();
    return newest > this.spec.epoch ? fencedStep(this.endpoint, this.spec, newest) : takenBack(this.endpoint);
  }

  /** Where it is newer than ours, it is us who have lost the run, and whoever has the lock goes on. */
  private async newestEpoch(): Promise<number> {
    try {
      const [result] = await this.short([epochSql(this.spec)]);
      return Number((result?.rows[0] as { epoch?: unknown } | undefined)?.epoch ?? 0);
    } catch (error) {
      if (hasSqlstate(error, SQLSTATE.undefinedTable)) return 0;
      throw error;
    }
  }

  private async doPiece(piece: Piece, place: number, row: StepRow): Promise<void> {
    if (piece.kind === 'setting') return this.set(piece);
    if (piece.kind === 'kept' || place < row.position) return;
    const advance = advanceSql(this.spec, 'position', place + 1);
    if (piece.kind === 'in a transaction') return this.inTransaction([piece.statement], advance);
    const note = row.note[place];
    if (piece.index === null) await this.sendOnce(piece, { place: String(place), note });
    else await this.indexes.build(piece, String(place), note);
    await this.short([advance]);
  }

  /** What a try before this one may have done already, the server says: it is there, or gone. */
  private async sendOnce(
    { statement, reindexed, isGradual }: Piece,
    { place, note }: { readonly place: string; readonly note: PieceNote | undefined },
  ): Promise<void> {
    if (note === undefined) await this.note(place, await this.indexes.noteOf(reindexed));
    else await this.indexes.dropLeftovers(reindexed, note);
    try {
      await this.send(statement);
    } catch (error) {
      if (note !== undefined && hasSqlstate(error, ...SQLSTATES_OF_DONE)) return;
      const isRefused = isGradual ? isUnfit(error) : reindexed === null && isAnswered(error);
      if (note === undefined && isRefused) await this.short([forgetSql(this.spec, place)]);
      throw error;
    }
  }

  private async note(place: string, note: PieceNote): Promise<void> {
    await this.short([noteSql(this.spec, place, note)]);
  }

  private async undo(statements: readonly Statement[], row: StepRow): Promise<void> {
    for (const [place, piece] of (await piecesOf(statements)).entries()) {
      if (piece.kind === 'setting') await this.set(piece);
      else if (piece.kind !== 'kept' && place >= row.undone) await this.undoPiece(piece, place, row.note[`u${place}`]);
    }
  }

  /** What was never there to be dropped is as it should be. */
  private async undoPiece(piece: Piece, place: number, note: PieceNote | undefined): Promise<void> {
    const { statement, kind, index } = piece;
    const advance = advanceSql(this.spec, 'undone', place + 1);
    if (kind === 'in a transaction') return this.inTransaction([statement], advance);
    const undone = index === null ? this.send(statement) : this.indexes.build(piece, `u${place}`, note);
    await undone.catch((error: unknown) => {
      if (!hasSqlstate(error, ...SQLSTATES_OF_DONE)) throw error;
    });
    await this.short([advance]);
  }

  private async end(state: 'done' | 'undone', record: readonly RecordStep[]): Promise<void> {
    await this.transact(endSql(this.spec, state), async (transaction) => {
      transaction.defer(...AS_OURSELVES);
      for (const step of await withExecutionTime(transaction, this.spec, record)) {
        const { rowCount } = await transaction.run(await splitStatements(step), { rows: 'discard' });
        if (step.expects !== undefined && rowCount !== step.expects.rows) throw this.changed(step.expects.otherwise);
      }
    });
  }

  private async set({ statement, sets }: Piece): Promise<void> {
    await this.send(statement);
    this.ownSettings.add(sets);
  }

  private inTransaction(statements: readonly SingleStatement[], advance: string): Promise<void> {
    return this.transact(advance, async (transaction) => {
      this.limit(transaction);
      await transaction.runAll(statements, 'discard');
    });
  }

  /** What the step has set itself, by SET, counts. */
  private limit(transaction: Transaction): void {
    const { lockTimeoutMs = LOCK_TIMEOUT_MS, timeoutMs = 0 } = this.spec.work;
    if (this.ownSettings.size === 0) return transaction.limit({ lockTimeoutMs, statementTimeoutMs: timeoutMs });
    if (this.ownSettings.has('lock_timeout')) return;
    transaction.defer(`SET LOCAL lock_timeout = ${milliseconds(lockTimeoutMs)}`);
  }

  private async transact(ending: string, work: (transaction: Transaction) => Promise<void>): Promise<void> {
    const transaction = new Transaction(this.client, this.timeouts);
    transaction.defer('BEGIN ISOLATION LEVEL READ COMMITTED, READ WRITE');
    try {
      await work(transaction);
      await transaction.commitTogether(...AS_OURSELVES, ending, DURABLY);
    } catch (error) {
      await transaction.rollBack().catch(() => undefined);
      throw error;
    }
  }

  /** As a message of its own, and so in no transaction where it cannot be in one. */
  private async send({ text, values, place }: SingleStatement): Promise<void> {
    await atPlace(place, this.client.ask({ text, values, queryMode: 'extended' }, 'discard'));
  }

  private async short(statements: readonly string[]): Promise<readonly QueryResult[]> {
    const { answerTimeoutMs } = this.limits;
    const timeouts = { lockTimeoutMs: answerTimeoutMs, statementTimeoutMs: answerTimeoutMs };
    const results = await shortTransaction(this.client, timeouts, [...AS_OURSELVES, ...statements]);
    return results.slice(AS_OURSELVES.length);
  }

  private get timeouts(): Timeouts {
    const { lockTimeoutMs = BUILD_LOCK_TIMEOUT_MS, timeoutMs = 0 } = this.spec.work;
    return { lockTimeoutMs, statementTimeoutMs: timeoutMs };
  }

  /** With somebody who looks at the session from outside. */
  private async attempt<T>(work: () => Promise<T>): Promise<T> {
    const { endpoint, client, spec } = this;
    const watch = new SessionWatch(watched(client), {
      silenceMs: this.limits.silenceMs,
      connect: () => observe(endpoint, participantApplication(spec), this.limits),
      isSilence,
      lockTimeoutMs: this.timeouts.lockTimeoutMs,
      onBlocked: (blockers) => spec.onBlocked({ endpoint_id: endpoint.id, blockers }),
    });
    try {
      return await work();
    } catch (error) {
      const blockers = await watch.stop();
      const isLockTimeout = hasSqlstate(error, SQLSTATE.lockNotAvailable);
      const cause = watch.givenUp === undefined ? error : new SessionGivenUp(watch.givenUp);
      throw statementError(endpoint.id, cause, isLockTimeout ? { blockers } : {});
    } finally {
      await watch.stop();
    }
  }

  private changed(details: string): EdenError {
    return new EdenError('SOURCE_CHANGED', { endpoint_id: this.endpoint.id, details });
  }
}

/** Already there, or no longer there. */
const SQLSTATES_OF_DONE = ['42704', '42P01', '3D000', '42710', '42P04', '42P07'];

/** Then what is dropped is known better than any rollback could say it. */
function isAllIndexes(pieces: readonly Piece[]): boolean {
  return pieces.every(({ kind, index }) => index !== null || kind === 'setting' || kind === 'kept');
}

function hasDoneAnything({ position, note }: StepRow): boolean {
  const isForeign = (each: PieceNote): boolean => 'index' in each && each.index.existed;
  return position > 0 || Object.values(note).some((each) => !isForeign(each));
}
