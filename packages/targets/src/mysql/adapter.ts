import {
  hasOwnId,
  type DatabaseIdentity,
  type Endpoint,
  type ExecutionOptions,
  type ExecutionSession,
  type JsonObject,
  type LintFinding,
  type OutsideSession,
  type OutsideSpec,
  type ParticipantSession,
  type ParticipantSpec,
  type ProofSighting,
  type Settlement,
  type Statement,
  type StatementAnalysis,
  type TargetAdapter,
  type TargetCapabilities,
  type TargetReport,
  type TargetSurvey,
  type Uuid,
  type SchemaObject,
} from '@eden/domain';
import type { AnswerLimits } from '../answer-limits.js';
import type { Reach } from '../reach/reach.js';
import { analyze } from './analyze.js';
import { describeConfig, parseConfig } from './config.js';
import { statementError } from './errors.js';
import { estimateRows } from './estimate.js';
import { MysqlExecution } from './execute.js';
import type { GuardedSession } from './guard/guarded-session.js';
import { describeSchema, identify, inspect, type CatalogWork } from './inspect.js';
import { install } from './install.js';
import { proofLock } from './names.js';
import { MysqlOutside } from './outside/outside-step.js';
import { MysqlParticipant, newProof } from './participant.js';
import { Pools } from './pool.js';
import { MysqlSettlement } from './settlement.js';
import { literal } from './sql.js';
import { survey } from './survey.js';

/** Every bound of the adapter, in milliseconds. */
export interface MysqlLimits {
  /** For one connection attempt. */
  readonly connectTimeoutMs: number;
  /** How long an execution waits for a free connection of its pool. */
  readonly poolWaitMs: number;
  /** After which the pool closes an idle connection. */
  readonly poolIdleMs: number;
  /** After which a server ends a participant whose worker is silent. */
  readonly idleInTransactionMs: number;
  /** For one answer while settling or inspecting. */
  readonly answerTimeoutMs: number;
  /** For which a statement without a limit may neither be answered nor be seen at work. */
  readonly silenceMs: number;
  /** How long raising a fence waits for the participant that holds it. */
  readonly fenceWaitMs: number;
  /** How long an install waits for another one. */
  readonly installWaitMs: number;
  /** What statements may answer, and all of them together. */
  readonly answers: AnswerLimits;
}

export const DEFAULT_LIMITS: Omit<MysqlLimits, 'answers'> = {
  connectTimeoutMs: 2000,
  poolWaitMs: 30_000,
  poolIdleMs: 10_000,
  idleInTransactionMs: 30_000,
  answerTimeoutMs: 10_000,
  silenceMs: 10_000,
  fenceWaitMs: 5000,
  installWaitMs: 10_000,
};

const CAPABILITIES: TargetCapabilities = {
  transactions: true,
  gates: true,
  batches: true,
  serverUnprepared: 'does not prepare transactions: it is read-only, as a replica is; name its primary in the endpoint',
  statementUnprepared:
    'commits by itself, as MariaDB does with every change of a schema, or works outside of transactions',
};

interface KnownIdentity {
  readonly version: number;
  readonly identity: Promise<DatabaseIdentity>;
}

/** MariaDB 10.6 and newer, by the protocol of MySQL. */
export class MysqlAdapter implements TargetAdapter {
  readonly kind = 'MySQL';
  readonly capabilities = CAPABILITIES;
  private readonly limits: MysqlLimits & { readonly reach: Reach };
  private readonly pools: Pools;
  private readonly identities = new Map<Uuid, KnownIdentity>();

  constructor(limits: MysqlLimits, reach: Reach) {
    this.limits = { ...limits, reach };
    this.pools = new Pools(this.limits);
  }

  parseConfig(config: JsonObject): JsonObject {
    const parsed = parseConfig(config);
    this.limits.reach.assertLiteralAllowed(parsed.host, parsed.port);
    return parsed;
  }

  describeConfig(config: JsonObject): JsonObject {
    return describeConfig(config);
  }

  inspect(endpoint: Endpoint): Promise<TargetReport> {
    return this.withSession(endpoint, (session) => inspect(session, this.catalogWork(endpoint)));
  }

  describeSchema(endpoint: Endpoint): Promise<readonly SchemaObject[]> {
    return this.withSession(endpoint, (session) => describeSchema(session, this.catalogWork(endpoint)));
  }

  survey(endpoint: Endpoint): Promise<TargetSurvey> {
    return this.withSession(endpoint, (session) => survey(session, this.catalogWork(endpoint)));
  }

  async analyze(statement: Statement): Promise<StatementAnalysis> {
    return analyze(statement);
  }

  /** MariaDB has no such statements. */
  withoutConcurrently(text: string): Promise<string> {
    return Promise.resolve(text);
  }

  estimateRows(endpoint: Endpoint, statement: Statement): Promise<number | null> {
    return this.withSession(endpoint, (session) => estimateRows(session, statement, this.limits.answerTimeoutMs));
  }

  install(endpoint: Endpoint, migrationUuid: Uuid): Promise<readonly LintFinding[]> {
    const { installWaitMs: lockWaitMs, answerTimeoutMs } = this.limits;
    return this.withSession(endpoint, (session) =>
      install(session, endpoint, { migrationUuid, lockWaitMs, answerTimeoutMs }),
    );
  }

  async openExecution(endpoint: Endpoint, options: ExecutionOptions): Promise<ExecutionSession> {
    return new MysqlExecution(await this.pools.acquire(endpoint), endpoint, options);
  }

  renewIdentity(endpoint: Endpoint, shared: DatabaseIdentity): Promise<boolean> {
    if (!hasOwnId(shared)) throw new TypeError('there is no id to renew');
    const sql = `UPDATE _eden_identity SET id = UUID(), made_at = NOW(6) WHERE id = ${literal(shared.key)}`;
    return this.withSession(endpoint, async (session) => (await session.query(sql, this.limits)).rowCount === 1);
  }

  identify(endpoint: Endpoint): Promise<DatabaseIdentity> {
    const known = this.identities.get(endpoint.uuid);
    if (known?.version === endpoint.version) return known.identity;
    const identity = this.withSession(endpoint, (session) => identify(session, this.catalogWork(endpoint)));
    const entry = { version: endpoint.version, identity };
    this.identities.set(endpoint.uuid, entry);
    // A failure is for those who wait for it now; the next caller asks again.
    identity.catch(() => this.identities.get(endpoint.uuid) === entry && this.identities.delete(endpoint.uuid));
    return identity;
  }

  withProof<T>(endpoint: Endpoint, work: (proof: string) => Promise<T>): Promise<T> {
    const proof = newProof();
    return this.withSession(endpoint, async (session) => {
      const lock = literal(proofLock(proof, session.database));
      await session.query(`SELECT GET_LOCK(${lock}, 0)`, this.limits);
      // It goes with the reset of the session.
      return work(proof);
    });
  }

  findProof(endpoint: Endpoint, proof: string): Promise<ProofSighting> {
    return this.withSession(endpoint, async (session) => {
      const lock = literal(proofLock(proof, session.database));
      const sql = `SELECT @@global.read_only = 1 AS standby, IS_USED_LOCK(${lock}) IS NOT NULL AS held`;
      const { rows } = await session.query(sql, this.limits);
      if (rows[0]?.['standby'] === 1) return 'on a standby';
      return rows[0]?.['held'] === 1 ? 'held' : 'not held';
    });
  }

  openParticipant(endpoint: Endpoint, spec: ParticipantSpec): Promise<ParticipantSession> {
    const install = (migrationUuid: Uuid) => this.install(endpoint, migrationUuid);
    return MysqlParticipant.open(endpoint, spec, { ...this.limits, install });
  }

  openOutside(endpoint: Endpoint, spec: OutsideSpec): Promise<OutsideSession> {
    const install = (migrationUuid: Uuid) => this.install(endpoint, migrationUuid);
    return MysqlOutside.open(endpoint, spec, { ...this.limits, install });
  }

  openSettlement(endpoint: Endpoint): Promise<Settlement> {
    return MysqlSettlement.open(endpoint, this.limits, (migrationUuid) => this.install(endpoint, migrationUuid));
  }

  forget(endpointUuid: Uuid): Promise<void> {
    this.identities.delete(endpointUuid);
    this.pools.forget(endpointUuid);
    return Promise.resolve();
  }

  close(): Promise<void> {
    return this.pools.close();
  }

  private catalogWork(endpoint: Endpoint): CatalogWork {
    return { endpoint, answerTimeoutMs: this.limits.answerTimeoutMs };
  }

  /** Lends a session of the pool. */
  private async withSession<T>(endpoint: Endpoint, work: (session: GuardedSession) => Promise<T>): Promise<T> {
    const pooled = await this.pools.acquire(endpoint);
    try {
      const result = await work(pooled.session);
      await pooled.release(true);
      return result;
    } catch (error) {
      await pooled.release(false);
      throw statementError(endpoint.id, error);
    }
  }
}
