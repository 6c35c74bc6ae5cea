import type {
  AnalysisContext,
  DatabaseIdentity,
  Endpoint,
  ExecutionOptions,
  ExecutionSession,
  JsonObject,
  LintFinding,
  LoneStatement,
  OutsideSession,
  OutsideSpec,
  ParticipantSession,
  ParticipantSpec,
  ProofSighting,
  SchemaObject,
  Settlement,
  Statement,
  StatementAnalysis,
  StatementResult,
  TargetAdapter,
  TargetCapabilities,
  TargetReport,
  TargetSurvey,
  Uuid,
} from '@eden/domain';
import type { Reach } from '../reach/reach.js';
import { Admission } from './admission.js';
import { analyze } from './analyze.js';
import { describeConfig, parseConfig } from './config.js';
import { withoutConcurrently } from './script/without-concurrently.js';
import { statementError } from './errors.js';
import { estimateRows } from './estimate.js';
import { PostgresExecution } from './execute.js';
import { describeSchema, identify, inspect, type CatalogWork } from './inspect.js';
import type { AnswerLimits } from '../answer-limits.js';
import { install } from './install.js';
import { PostgresOutside } from './outside/outside-step.js';
import { PostgresParticipant } from './participant.js';
import { Pools, type PooledClient } from './pool.js';
import { findProof, holdProofSql, newProof } from './proof.js';
import { SharedReads } from './shared-reads.js';
import { renewIdentity } from './renew-identity.js';
import { resetSession } from './session-reset.js';
import { PostgresSettlement } from './settlement.js';
import { survey } from './survey.js';

/** Every bound of the adapter, in milliseconds. */
export interface PostgresLimits {
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

export const DEFAULT_LIMITS: Omit<PostgresLimits, 'answers'> = {
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
  serverUnprepared:
    'does not prepare transactions: set its max_prepared_transactions to the number of migrations at once, at least 1, and restart it',
  statementUnprepared:
    'uses what PostgreSQL cannot prepare (temporary objects, LISTEN or NOTIFY, a cursor WITH HOLD): do without',
};

interface KnownIdentity {
  readonly version: number;
  readonly identity: Promise<DatabaseIdentity>;
}

/** PostgreSQL 14 and newer. */
export class PostgresAdapter implements TargetAdapter {
  readonly kind = 'Postgres';
  readonly capabilities = CAPABILITIES;
  private readonly limits: PostgresLimits & { readonly admission: Admission };
  private readonly pools: Pools;
  private readonly sharedReads: SharedReads;
  private readonly identities = new Map<Uuid, KnownIdentity>();

  constructor(limits: PostgresLimits, reach: Reach) {
    this.limits = { ...limits, admission: new Admission(reach) };
    this.pools = new Pools(this.limits);
    this.sharedReads = new SharedReads(this.pools);
  }

  parseConfig(config: JsonObject): JsonObject {
    const parsed = parseConfig(config);
    this.limits.admission.assertLiteralAllowed(parsed);
    return parsed;
  }

  describeConfig(config: JsonObject): JsonObject {
    return describeConfig(config);
  }

  inspect(endpoint: Endpoint): Promise<TargetReport> {
    return this.withClient(endpoint, (client) => inspect(client, this.catalogWork(endpoint)));
  }

  describeSchema(endpoint: Endpoint): Promise<readonly SchemaObject[]> {
    return this.withClient(endpoint, (client) => describeSchema(client, this.catalogWork(endpoint)));
  }

  withoutConcurrently(text: string): Promise<string> {
    return withoutConcurrently(text);
  }

  survey(endpoint: Endpoint): Promise<TargetSurvey> {
    return this.withClient(endpoint, (client) => survey(client, this.catalogWork(endpoint)));
  }

  analyze(statement: Statement, context: AnalysisContext = {}): Promise<StatementAnalysis> {
    return analyze(statement, context);
  }

  estimateRows(endpoint: Endpoint, statement: Statement): Promise<number | null> {
    // A text as it is makes the tables that it fills, sets the path on which it finds them, or is long.
    if (statement.syntax === 'sql') return Promise.resolve(null);
    return this.withClient(endpoint, (client) => estimateRows(client, statement));
  }

  install(endpoint: Endpoint, migrationUuid: Uuid): Promise<readonly LintFinding[]> {
    const work = { migrationUuid, lockWaitMs: this.limits.installWaitMs };
    return this.withClient(endpoint, (client) => install(client, endpoint, work));
  }

  async openExecution(endpoint: Endpoint, options: ExecutionOptions): Promise<ExecutionSession> {
    return new PostgresExecution(await this.pools.acquire(endpoint), endpoint, options);
  }

  readBeside(endpoint: Endpoint, options: ExecutionOptions, read: LoneStatement): Promise<StatementResult | null> {
    return this.sharedReads.read(endpoint, options, read);
  }

  renewIdentity(endpoint: Endpoint, shared: DatabaseIdentity): Promise<boolean> {
    return this.withClient(endpoint, (client) => renewIdentity(client, endpoint, shared));
  }

  identify(endpoint: Endpoint): Promise<DatabaseIdentity> {
    const known = this.identities.get(endpoint.uuid);
    if (known?.version === endpoint.version) return known.identity;
    const identity = this.withClient(endpoint, (client) => identify(client, this.catalogWork(endpoint)));
    const entry = { version: endpoint.version, identity };
    this.identities.set(endpoint.uuid, entry);
    // A failure is for those who wait for it now; the next caller asks again.
    identity.catch(() => this.identities.get(endpoint.uuid) === entry && this.identities.delete(endpoint.uuid));
    return identity;
  }

  withProof<T>(endpoint: Endpoint, work: (proof: string) => Promise<T>): Promise<T> {
    const proof = newProof();
    return this.withClient(endpoint, async (client) => {
      await client.query(`BEGIN; ${holdProofSql(proof)}`);
      try {
        return await work(proof);
      } finally {
        await client.query('ROLLBACK');
      }
    });
  }

  findProof(endpoint: Endpoint, proof: string): Promise<ProofSighting> {
    return this.withClient(endpoint, (client) => findProof(client, proof, this.limits.answerTimeoutMs));
  }

  openParticipant(endpoint: Endpoint, spec: ParticipantSpec): Promise<ParticipantSession> {
    const install = (migrationUuid: Uuid) => this.install(endpoint, migrationUuid);
    return PostgresParticipant.open(endpoint, spec, { ...this.limits, install });
  }

  openOutside(endpoint: Endpoint, spec: OutsideSpec): Promise<OutsideSession> {
    const install = (migrationUuid: Uuid) => this.install(endpoint, migrationUuid);
    return PostgresOutside.open(endpoint, spec, { ...this.limits, install });
  }

  openSettlement(endpoint: Endpoint): Promise<Settlement> {
    return PostgresSettlement.open(endpoint, this.limits, (migrationUuid) => this.install(endpoint, migrationUuid));
  }

  forget(endpointUuid: Uuid): Promise<void> {
    this.identities.delete(endpointUuid);
    this.limits.admission.forget(endpointUuid);
    this.sharedReads.forget(endpointUuid);
    this.pools.forget(endpointUuid);
    return Promise.resolve();
  }

  close(): Promise<void> {
    return this.pools.close();
  }

  private catalogWork(endpoint: Endpoint): CatalogWork {
    return { endpoint, answerTimeoutMs: this.limits.answerTimeoutMs };
  }

  /** Lends a connection of the pool. What is planned or triggered may call functions, so it is reset, too. */
  private async withClient<T>(endpoint: Endpoint, work: (client: PooledClient) => Promise<T>): Promise<T> {
    const client = await this.pools.acquire(endpoint);
    let reusable = false;
    try {
      const result = await work(client);
      reusable = await resetSession(client);
      return result;
    } catch (error) {
      throw statementError(endpoint.id, error);
    } finally {
      client.release(!reusable);
    }
  }
}
