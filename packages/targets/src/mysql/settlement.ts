import {
  EdenError,
  parsePreparedId,
  type DatabaseIdentity,
  type DatabaseSighting,
  type Endpoint,
  type Fenced,
  type JsonObject,
  type KnownRun,
  type LedgerRow,
  type PreparedTransaction,
  type Settlement,
  type Uuid,
} from '@eden/domain';
import { setTimeout as delay } from 'node:timers/promises';
import { connect, type SessionOptions } from './connect.js';
import { endpointUnavailable, ERROR, hasErrno, isLockFailure, isSessionLost } from './errors.js';
import { raiseFenceSql, readFenceSql } from './fence.js';
import type { GuardedSession } from './guard/guarded-session.js';
import { identify, sightingOf } from './inspect.js';
import { deleteLedgerSql, ledgerRows, readLedgerSql } from './ledger.js';
import { sessionLock } from './names.js';
import { deleteStepsSql } from './outside/step-row.js';
import { forgetSessionSql } from './participant-session.js';
import { literal, whole, wholeSeconds } from './sql.js';
import { finishPrepared, kill, preparedIn } from './two-phase.js';

export interface SettlementLimits extends SessionOptions {
  /** Longest wait for any answer. */
  readonly answerTimeoutMs: number;
  /** Longest wait for a participant that holds the fence. */
  readonly fenceWaitMs: number;
}

/** How long endBackends waits for sessions to be gone, and how often it looks. */
const BACKEND_END_MS = 5000;
const LOOK_MS = 5;

/**
 * One session for the second phase and for recovery. Every call is a transaction of its own and may be made again. A
 * session that was lost is replaced by the next call.
 */
export class MysqlSettlement implements Settlement {
  private session: Promise<GuardedSession> | null = null;

  private constructor(
    private readonly endpoint: Endpoint,
    private readonly limits: SettlementLimits,
    /** Makes our tables where they are missing. */
    private readonly install: (migrationUuid: Uuid) => Promise<unknown>,
  ) {}

  /** @throws EdenError ENDPOINT_UNAVAILABLE */
  static async open(
    endpoint: Endpoint,
    limits: SettlementLimits,
    install: (migrationUuid: Uuid) => Promise<unknown>,
  ): Promise<MysqlSettlement> {
    const settlement = new MysqlSettlement(endpoint, limits, install);
    await settlement.connected();
    return settlement;
  }

  async whereIs(database: DatabaseIdentity): Promise<DatabaseSighting> {
    const { endpoint, limits } = this;
    const here = await this.attempt((session) =>
      identify(session, { endpoint, answerTimeoutMs: limits.answerTimeoutMs }),
    );
    return sightingOf(here, database);
  }

  async listPrepared(installation: string): Promise<readonly PreparedTransaction[]> {
    const { answerTimeoutMs } = this.limits;
    const all = await this.settled((session) => preparedIn(session, session.database, answerTimeoutMs));
    const ours = all.filter((id) => parsePreparedId(id)?.installation === installation);
    if (ours.length === 0) return [];
    const rows =
      (await this.ifInstalled((session) => session.query(sessionsSql(ours), { answerTimeoutMs })))?.rows ?? [];
    return ours.flatMap((id) =>
      preparedTransaction(
        id,
        rows.find((row) => row['prepared_id'] === id),
      ),
    );
  }

  async commitPrepared(preparedId: string): Promise<'committed' | 'missing'> {
    return (await this.finish('COMMIT', preparedId)) ? 'committed' : 'missing';
  }

  async rollbackPrepared(preparedId: string): Promise<'rolled back' | 'missing'> {
    if (!(await this.finish('ROLLBACK', preparedId))) return 'missing';
    await this.forgetSessions([preparedId]);
    return 'rolled back';
  }

  async readLedger(runUuid: Uuid): Promise<readonly LedgerRow[]> {
    const answer = await this.ifInstalled((session) => session.query(readLedgerSql(runUuid), this.limits));
    return ledgerRows(answer?.rows ?? []);
  }

  async deleteLedger(run: KnownRun): Promise<void> {
    for (const sql of [deleteLedgerSql(run), deleteStepsSql(run)]) {
      await this.ifInstalled((session) => session.query(sql, this.limits));
    }
  }

  /** @throws EdenError LOCK_TIMEOUT when a participant keeps the fence; ENDPOINT_UNAVAILABLE */
  async raiseFence(runUuid: Uuid, migrationUuid: Uuid, epoch: number): Promise<Fenced> {
    const raise = () => this.attempt((session) => this.raise(session, { runUuid, migrationUuid, epoch }));
    try {
      return await raise().catch(async (error: unknown) => {
        if (!hasErrno(error, ERROR.noSuchTable)) throw error;
        await this.install(migrationUuid);
        return raise();
      });
    } catch (error) {
      if (!isLockFailure(error)) throw this.later(error);
      const context = { endpoint_id: this.endpoint.id, migration_uuid: migrationUuid };
      throw new EdenError('LOCK_TIMEOUT', { ...context, lock_timeout_ms: this.limits.fenceWaitMs }, { cause: error });
    }
  }

  async endBackends(runUuid: Uuid, beforeEpoch: number): Promise<number> {
    const { answerTimeoutMs } = this.limits;
    const sql = `SELECT prepared_id FROM _eden_session WHERE run_uuid = ${literal(runUuid)} AND epoch < ${whole(beforeEpoch)}`;
    const answer = await this.ifInstalled((session) => session.query(sql, { answerTimeoutMs }));
    const ids = (answer?.rows ?? []).map((row) => String(row['prepared_id']));
    if (ids.length === 0) return 0;
    const ended = await this.settled((session) => this.endSessions(session, ids));
    await this.forgetSessions(ids);
    return ended;
  }

  async close(): Promise<void> {
    const { session } = this;
    this.session = null;
    // A session that could not be had has nothing to close.
    await (await session?.catch(() => undefined))?.end();
  }

  private async raise(
    session: GuardedSession,
    { runUuid, migrationUuid, epoch }: { readonly runUuid: Uuid; readonly migrationUuid: Uuid; readonly epoch: number },
  ): Promise<Fenced> {
    const run = (sql: string) => session.query(sql, this.limits);
    await run(`SET SESSION innodb_lock_wait_timeout = ${wholeSeconds(this.limits.fenceWaitMs)}`);
    await run('START TRANSACTION READ WRITE');
    try {
      await run(raiseFenceSql(migrationUuid, epoch));
      const fence = await run(readFenceSql(migrationUuid));
      const ledger = await run(readLedgerSql(runUuid));
      await run('COMMIT');
      return { fence: Number(fence.rows[0]?.['epoch']), ledger: ledgerRows(ledger.rows) };
    } catch (error) {
      if (!isSessionLost(error)) await run('ROLLBACK');
      throw error;
    }
  }

  /** Answers how many there were. */
  private async endSessions(session: GuardedSession, ids: readonly string[]): Promise<number> {
    const { answerTimeoutMs } = this.limits;
    const sql = `SELECT ${ids.map((id, at) => `IS_USED_LOCK(${literal(sessionLock(id))}) AS s${at}`).join(', ')}`;
    const alive = async () => {
      const { rows } = await session.query(sql, { answerTimeoutMs });
      return Object.values(rows[0] ?? {}).filter((id): id is number => typeof id === 'number');
    };
    const found = await alive();
    const deadline = performance.now() + BACKEND_END_MS;
    for (let left = found; left.length > 0; left = await alive()) {
      if (performance.now() > deadline) throw this.later(new EdenError('ENDPOINT_UNAVAILABLE', this.notEnding()));
      for (const id of left) await kill(session, id, answerTimeoutMs);
      await delay(LOOK_MS);
    }
    return found.length;
  }

  private notEnding() {
    return { endpoint_id: this.endpoint.id, details: 'a session of the run does not end' };
  }

  /** Rows of what is prepared are locked, and go with its commit. */
  private async forgetSessions(ids: readonly string[]): Promise<void> {
    const { answerTimeoutMs } = this.limits;
    for (const id of ids) {
      const sql = `SET STATEMENT innodb_lock_wait_timeout = 0 FOR ${forgetSessionSql(id)}`;
      await this.ifInstalled((session) => session.query(sql, { answerTimeoutMs })).catch((error: unknown) => {
        if (!isLockFailure((error as Error).cause)) throw error;
      });
    }
  }

  private finish(verb: 'COMMIT' | 'ROLLBACK', preparedId: string): Promise<boolean> {
    const { answerTimeoutMs } = this.limits;
    return this.attempt((session) =>
      finishPrepared(session, {
        verb,
        preparedId,
        database: session.database,
        endpointId: this.endpoint.id,
        answerTimeoutMs,
      }),
    );
  }

  private async settled<T>(work: (session: GuardedSession) => Promise<T>): Promise<T> {
    try {
      return await this.attempt(work);
    } catch (error) {
      throw this.later(error);
    }
  }

  /** Null where our tables were never installed, or are gone with their database. */
  private async ifInstalled<T>(work: (session: GuardedSession) => Promise<T>): Promise<T | null> {
    try {
      return await this.attempt(work);
    } catch (error) {
      if (hasErrno(error, ERROR.noSuchTable)) return null;
      throw this.later(error);
    }
  }

  private async attempt<T>(work: (session: GuardedSession) => Promise<T>): Promise<T> {
    const session = this.connected();
    try {
      return await work(await session);
    } catch (error) {
      if (isSessionLost(error)) await this.drop(session);
      throw error;
    }
  }

  private connected(): Promise<GuardedSession> {
    this.session ??= connect(this.endpoint, this.limits);
    return this.session;
  }

  /** Whatever stops a settlement now may be over later, and nothing may stop it for good. */
  private later(error: unknown): EdenError {
    return error instanceof EdenError ? error : endpointUnavailable(this.endpoint.id, error);
  }

  private async drop(session: Promise<GuardedSession>): Promise<void> {
    if (this.session === session) this.session = null;
    (await session.catch(() => undefined))?.sever();
  }
}

function sessionsSql(ids: readonly string[]): string {
  return `SELECT prepared_id, opened_at, role FROM _eden_session WHERE prepared_id IN (${ids.map(literal).join(', ')})`;
}

/** The server keeps neither the time nor the account; the row of the participant's session does. */
function preparedTransaction(preparedId: string, row: JsonObject | undefined): PreparedTransaction[] {
  const name = parsePreparedId(preparedId);
  if (name === null) return [];
  const since = row === undefined ? new Date() : new Date(String(row['opened_at']));
  return [{ ...name, preparedId, preparedAt: since, role: String(row?.['role'] ?? ''), xidAge: 0 }];
}
