import { EdenError } from '@eden/domain';
import type {
  DatabaseIdentity,
  Endpoint,
  JsonObject,
  LintFinding,
  OutsideSession,
  OutsideSpec,
  ProofSighting,
  Statement,
  TargetAdapter,
  TargetPort,
  TargetReport,
  TargetSurvey,
} from '@eden/domain';
import { instantly } from './answers.js';
import { SimulatedExecution } from './simulated-execution.js';
import { SimulatedOutside } from './simulated-outside.js';
import { SimulatedParticipant } from './simulated-participant.js';
import { SimulatedSettlement } from './simulated-settlement.js';
import { parseStatement } from './statements.js';
import type { TargetDatabase } from './target-database.js';
import type { Procedure } from './target-session.js';
import { Connection, type TargetWay } from './target-way.js';

const CAPABILITIES = {
  transactions: true,
  gates: true,
  batches: true,
  serverUnprepared: 'prepares no transactions',
  statementUnprepared: 'cannot be prepared',
};

/** The simulated targets as one process has them. */
export function targetsOf(way: TargetWay): TargetPort {
  const adapter = new SimulatedTargets(way);
  return { adapter: () => adapter, checkConfig: (_kind, config) => adapter.parseConfig(config) };
}

class SimulatedTargets implements TargetAdapter {
  readonly kind = 'Postgres';
  readonly capabilities = CAPABILITIES;
  private readonly identities = new Map<string, Promise<DatabaseIdentity>>();
  /** Idle connections of executions, by endpoint and version. */
  private readonly pools = new Map<string, Connection[]>();

  constructor(private readonly way: TargetWay) {}

  parseConfig(config: JsonObject): JsonObject {
    if (typeof config['address'] === 'string') return config;
    throw new EdenError('VALIDATION_FAILED', { issues: [{ path: 'config.address', message: 'missing' }] });
  }

  describeConfig(config: JsonObject): JsonObject {
    return config;
  }

  inspect(endpoint: Endpoint): Promise<TargetReport> {
    return this.once(endpoint, 'inspect', ({ identity, canPrepare, schema }) => ({
      latencyMs: 1,
      serverVersion: '0',
      identity,
      role: 'eden',
      class: canPrepare ? '2pc' : 'one-phase',
      schemaFingerprint: String(schema),
    }));
  }

  async analyze(statement: Statement) {
    const parsed = parseStatement(statement);
    const undo = parsed.op === 'build' ? `drop ${parsed.index}` : null;
    const outside = { undo, refusals: [], indexedTables: null } as const;
    const atomicity = parsed.op === 'outside' || parsed.op === 'build' ? 'irreversible' : '2pc';
    return Promise.resolve({ class: atomicity, findings: [], refusals: [], outside, createdTables: [] } as const);
  }

  withoutConcurrently(text: string): Promise<string> {
    return Promise.resolve(text);
  }

  estimateRows(): Promise<number | null> {
    return Promise.resolve(null);
  }

  survey(endpoint: Endpoint): Promise<TargetSurvey> {
    return this.once(endpoint, 'survey', ({ canPrepare }) => ({
      preparing: {
        possible: canPrepare,
        maxPreparedTransactions: canPrepare ? 64 : 0,
        slotsFree: canPrepare ? 64 : 0,
        reasons: canPrepare ? [] : ['prepares no transactions'],
      },
      findings: [],
      whyUnprepared: () => Promise.resolve([]),
    }));
  }

  describeSchema(): Promise<null> {
    return Promise.resolve(null);
  }

  install(endpoint: Endpoint, migrationUuid: string): Promise<readonly LintFinding[]> {
    return this.once(endpoint, 'install', (database) => {
      database.install(migrationUuid);
      return [];
    });
  }

  renewIdentity(endpoint: Endpoint, { key }: DatabaseIdentity): Promise<boolean> {
    const id = `id-${this.way.process.random.uuid()}`;
    return this.once(endpoint, 'renewIdentity', (database) => database.renew(key, id));
  }

  /** A connection that has found its way once is used again; its session may have been ended meanwhile. */
  async openExecution(endpoint: Endpoint, options: Parameters<TargetAdapter['openExecution']>[1]) {
    const key = `${endpoint.uuid}/${endpoint.version}`;
    const pool = this.pools.get(key) ?? [];
    this.pools.set(key, pool);
    const idle = pool.pop();
    const connection = idle?.isUsable === true ? idle : new Connection(this.way, endpoint, 'eden execution');
    if (connection !== idle) await connection.open();
    return new SimulatedExecution(this.way, endpoint, options, { connection, giveBack: () => pool.push(connection) });
  }

  identify(endpoint: Endpoint): Promise<DatabaseIdentity> {
    const key = `${endpoint.uuid}/${endpoint.version}`;
    const known = this.identities.get(key);
    if (known !== undefined) return known;
    const identity = this.once(endpoint, 'identify', ({ identity }) => identity);
    this.identities.set(key, identity);
    identity.catch(() => this.identities.delete(key));
    return identity;
  }

  async withProof<T>(endpoint: Endpoint, work: (proof: string) => Promise<T>): Promise<T> {
    const connection = new Connection(this.way, endpoint, 'eden proof');
    await connection.open();
    const proof = this.way.process.random.uuid();
    try {
      await connection.send('holdProof', function* hold(session): Procedure<void> {
        session.begin('proof');
        yield { lock: `proof/${proof}`, mode: 'exclusive', timeoutMs: 1 };
      });
      return await work(proof);
    } finally {
      connection.sever();
    }
  }

  findProof(endpoint: Endpoint, proof: string): Promise<ProofSighting> {
    const isSeen = this.way.broken.has('proof-that-two-are-one');
    return this.once(endpoint, 'findProof', ({ locks, isStandby }) => {
      if (isStandby) return 'on a standby';
      return isSeen || locks.isHeld(`proof/${proof}`) ? 'held' : 'not held';
    });
  }

  async openParticipant(endpoint: Endpoint, spec: Parameters<TargetAdapter['openParticipant']>[1]) {
    const participant = new SimulatedParticipant(this.way, endpoint, spec);
    await participant.open();
    return participant;
  }

  async openOutside(endpoint: Endpoint, spec: OutsideSpec): Promise<OutsideSession> {
    const session = new SimulatedOutside(this.way, endpoint, spec);
    await session.open();
    return session;
  }

  async openSettlement(endpoint: Endpoint) {
    const settlement = new SimulatedSettlement(this.way, endpoint);
    await settlement.open();
    return settlement;
  }

  forget(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  private async once<T>(endpoint: Endpoint, name: string, ask: (database: TargetDatabase) => T): Promise<T> {
    const connection = new Connection(this.way, endpoint, `eden ${name}`);
    try {
      await connection.open();
      return await connection.send(name, ({ database }) => instantly(() => ask(database)));
    } finally {
      connection.sever();
    }
  }
}
