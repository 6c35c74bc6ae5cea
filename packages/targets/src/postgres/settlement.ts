import {
  EdenError,
  parsePreparedId,
  type DatabaseIdentity,
  type DatabaseSighting,
  type Endpoint,
  type Fenced,
  type KnownRun,
  type LedgerRow,
  type PreparedTransaction,
  type Settlement,
  type Uuid,
} from '@eden/domain';
import type { QueryResult, QueryResultRow } from 'pg';
import type { Admission } from './admission.js';
import { connect, disconnect, sever } from './connect.js';
import { endpointUnavailable, hasSqlstate, isSessionLost, SQLSTATE } from './errors.js';
import { raiseFenceSql, readFenceSql } from './fence.js';
import type { AnswerLimits } from '../answer-limits.js';
import type { GuardedClient } from './guard/guarded-client.js';
import { checkRow } from './guard/rows.js';
import { identify, sightingOf } from './inspect.js';
import { DELETE_LEDGER, DELETE_STEPS, ledgerRows, readLedgerSql } from './ledger.js';
import { preparedIdPrefix, runApplicationPrefix, SETTLEMENT_APPLICATION } from './names.js';
import { shortTransaction } from './short-transaction.js';
import { readSql } from './sql.js';
import { finishPrepared } from './two-phase.js';

export interface SettlementLimits {
  readonly connectTimeoutMs: number;
  /** Longest wait for any answer. */
  readonly answerTimeoutMs: number;
  /** Longest wait for a participant that holds the fence. */
  readonly fenceWaitMs: number;
  readonly admission: Admission;
  /** What statements may answer. */
  readonly answers: AnswerLimits;
}

const LIST_PREPARED = readSql('list-prepared');
const END_BACKENDS = readSql('end-backends');

interface PreparedRow {
  readonly gid: string;
  readonly prepared_at: string;
  readonly role: string;
  readonly xid_age: number;
}

/** How long endBackends waits for each session to be gone. */
const BACKEND_END_MS = 1000;

/**
 * One session for the second phase and for recovery. Every call is a transaction of its own and may be made again. A
 * session that was lost is replaced by the next call.
 */
export class PostgresSettlement implements Settlement {
  private session: Promise<GuardedClient> | null = null;

  private constructor(
    private readonly endpoint: Endpoint,
    private readonly limits: SettlementLimits,
    /** Makes `_eden` where it is missing. */
    private readonly install: (migrationUuid: Uuid) => Promise<unknown>,
  ) {}

  /** @throws EdenError ENDPOINT_UNAVAILABLE */
  static async open(
    endpoint: Endpoint,
    limits: SettlementLimits,
    install: (migrationUuid: Uuid) => Promise<unknown>,
  ): Promise<PostgresSettlement> {
    const settlement = new PostgresSettlement(endpoint, limits, install);
    await settlement.connected();
    return settlement;
  }

  async whereIs(database: DatabaseIdentity): Promise<DatabaseSighting> {
    const { endpoint, limits } = this;
    const work = { endpoint, answerTimeoutMs: limits.answerTimeoutMs };
    const here = await this.attempt((client) => identify(client, work));
    return sightingOf(here, database);
  }

  async listPrepared(installation: string): Promise<readonly PreparedTransaction[]> {
    const { rows } = await this.query(LIST_PREPARED, [preparedIdPrefix(installation)]);
    return rows.flatMap((row) => {
      const { gid, prepared_at, role, xid_age: xidAge } = this.preparedRow(row);
      const name = parsePreparedId(gid);
      const ours = name !== null && name.installation === installation;
      return ours ? [{ ...name, preparedId: gid, preparedAt: new Date(prepared_at), role, xidAge }] : [];
    });
  }

  async commitPrepared(preparedId: string): Promise<'committed' | 'missing'> {
    return (await this.settle('COMMIT', preparedId)) ? 'committed' : 'missing';
  }

  async rollbackPrepared(preparedId: string): Promise<'rolled back' | 'missing'> {
    return (await this.settle('ROLLBACK', preparedId)) ? 'rolled back' : 'missing';
  }

  async readLedger(runUuid: Uuid): Promise<readonly LedgerRow[]> {
    const result = await this.queryIfInstalled(readLedgerSql(runUuid), []);
    return result === null ? [] : ledgerRows(result);
  }

  async deleteLedger({ uuid, token, epoch }: KnownRun): Promise<void> {
    await this.queryIfInstalled(DELETE_LEDGER, [uuid, token]);
    await this.queryIfInstalled(DELETE_STEPS, [uuid, epoch]);
  }

  /** @throws EdenError LOCK_TIMEOUT when a participant keeps the fence; ENDPOINT_UNAVAILABLE */
  async raiseFence(runUuid: Uuid, migrationUuid: Uuid, epoch: number): Promise<Fenced> {
    const timeouts = { lockTimeoutMs: this.limits.fenceWaitMs, statementTimeoutMs: this.limits.answerTimeoutMs };
    const statements = [raiseFenceSql(migrationUuid, epoch), readFenceSql(migrationUuid), readLedgerSql(runUuid)];
    const raise = () => this.attempt((client) => shortTransaction(client, timeouts, statements));
    try {
      const [, fence, ledger] = await raise().catch(async (error: unknown) => {
        if (!hasSqlstate(error, SQLSTATE.undefinedTable)) throw error;
        await this.install(migrationUuid);
        return raise();
      });
      const [{ epoch: newest = epoch } = {}] = (fence?.rows ?? []) as { epoch?: number }[];
      return { fence: newest, ledger: ledgerRows(ledger) };
    } catch (error) {
      if (!hasSqlstate(error, SQLSTATE.lockNotAvailable)) throw this.later(error);
      const context = { endpoint_id: this.endpoint.id, migration_uuid: migrationUuid };
      throw new EdenError('LOCK_TIMEOUT', { ...context, lock_timeout_ms: this.limits.fenceWaitMs }, { cause: error });
    }
  }

  async endBackends(runUuid: Uuid, beforeEpoch: number): Promise<number> {
    const values = [runApplicationPrefix(runUuid), beforeEpoch, BACKEND_END_MS];
    const { rows } = await this.query<{ gone: boolean }>(END_BACKENDS, values);
    if (rows.every(({ gone }) => gone)) return rows.length;
    const details = 'a session of the run does not end';
    throw new EdenError('ENDPOINT_UNAVAILABLE', { endpoint_id: this.endpoint.id, details });
  }

  async close(): Promise<void> {
    const { session } = this;
    this.session = null;
    // A session that could not be had has nothing to close.
    const client = await session?.catch(() => undefined);
    if (client !== undefined) await disconnect(client);
  }

  private preparedRow(row: unknown): PreparedRow {
    try {
      return checkRow<PreparedRow>(row, { gid: 'text', prepared_at: 'text', role: 'text', xid_age: 'number' });
    } catch (error) {
      throw this.later(error);
    }
  }

  private settle(verb: 'COMMIT' | 'ROLLBACK', preparedId: string): Promise<boolean> {
    const { answerTimeoutMs } = this.limits;
    const finish = { verb, preparedId, endpointId: this.endpoint.id, answerTimeoutMs };
    return this.attempt((client) => finishPrepared(client, finish));
  }

  private async query<Row extends QueryResultRow>(text: string, values: unknown[]): Promise<QueryResult<Row>> {
    try {
      return await this.attempt((client) => client.query<Row>(text, values));
    } catch (error) {
      throw this.later(error);
    }
  }

  /** Null where `_eden` was never installed, or is gone with its database. */
  private async queryIfInstalled(text: string, values: unknown[]): Promise<QueryResult | null> {
    try {
      return await this.attempt((client) => client.query(text, values));
    } catch (error) {
      if (hasSqlstate(error, SQLSTATE.undefinedTable)) return null;
      throw this.later(error);
    }
  }

  private async attempt<T>(work: (client: GuardedClient) => Promise<T>): Promise<T> {
    const session = this.connected();
    try {
      return await work(await session);
    } catch (error) {
      if (isSessionLost(error)) await this.drop(session);
      throw error;
    }
  }

  private connected(): Promise<GuardedClient> {
    this.session ??= connect(this.endpoint, { applicationName: SETTLEMENT_APPLICATION, ...this.limits });
    return this.session;
  }

  /** Whatever stops a settlement now may be over later, and nothing may stop it for good. */
  private later(error: unknown): EdenError {
    return error instanceof EdenError ? error : endpointUnavailable(this.endpoint.id, error);
  }

  private async drop(session: Promise<GuardedClient>): Promise<void> {
    if (this.session === session) this.session = null;
    const client = await session.catch(() => undefined);
    if (client !== undefined) sever(client);
  }
}
