import { EdenError } from '@eden/domain';
import type {
  Endpoint,
  ExecutionOptions,
  ExecutionSession,
  GateAnswer,
  Statement,
  StatementLimits,
  StatementResult,
} from '@eden/domain';
import { blockersOf, instantly, notVoted } from './answers.js';
import * as server from './procedures.js';
import { LockNotAvailable, type Procedure, type TargetSession } from './target-session.js';
import { databaseAt, type Connection, type TargetWay } from './target-way.js';

type OnceRead = StatementResult | Exclude<GateAnswer, 'open'>;

export interface PooledConnection {
  readonly connection: Connection;
  giveBack(): void;
}

/** As packages/targets/src/postgres/execute.ts. */
export class SimulatedExecution implements ExecutionSession {
  /** The gate of a standby as it was before the first statement. */
  private found: number | null = null;
  private phase: 'new' | 'entered' | 'over' = 'new';

  constructor(
    private readonly way: TargetWay,
    private readonly endpoint: Endpoint,
    private readonly options: ExecutionOptions,
    private readonly pooled: PooledConnection,
  ) {}

  get isOnStandby(): boolean {
    return databaseAt(this.way, this.endpoint).isStandby;
  }

  private get connection(): Connection {
    return this.pooled.connection;
  }

  async enter(): Promise<GateAnswer> {
    this.phase = 'entered';
    const { gate, lockTimeoutMs } = this.options;
    const enter = (session: TargetSession): Procedure<GateAnswer> =>
      enterOrTell(session, this.endpoint, { gate, lockTimeoutMs }, this.way.broken);
    return this.send('enter', (session) => this.noting(session, enter(session)));
  }

  run(statement: Statement, limits: StatementLimits = {}): Promise<StatementResult> {
    if (this.phase !== 'entered') throw new Error('an execution runs between enter and commit');
    const bound = this.bounded(limits);
    return this.send('execute', (session) => server.execute(session, statement.text, bound));
  }

  async readOnce(statement: Statement): Promise<StatementResult | Exclude<GateAnswer, 'open'>> {
    this.phase = 'entered';
    const { gate, lockTimeoutMs } = this.options;
    const { broken } = this.way;
    const { endpoint } = this;
    const bound = { ...this.bounded({}), readOnly: true };
    const again = this.lookAgain.bind(this);
    const noting = this.noting.bind(this);
    const answer = await this.send('readOnce', function* once(session): Procedure<OnceRead> {
      const isOpen = yield* noting(session, enterOrTell(session, endpoint, { gate, lockTimeoutMs }, broken));
      if (isOpen !== 'open') return isOpen;
      yield { pauseMs: 0 };
      const result = yield* server.execute(session, statement.text, bound);
      session.rollBack();
      if (session.database.isStandby) yield { pauseMs: 1 };
      const still = again(session);
      return still === 'open' ? result : still;
    });
    if (typeof answer !== 'string') this.over();
    return answer;
  }

  async confirm(): Promise<GateAnswer> {
    if (this.found === null) return 'open';
    return this.send('confirm', (session) => instantly(() => this.lookAgain(session)));
  }

  private *noting<T>(session: TargetSession, entering: Procedure<T>): Procedure<T> {
    const { gate } = this.options;
    const { database } = session;
    if (database.isStandby && gate !== null) this.found = database.gates.get(gate.apiUuid) ?? 0;
    return yield* entering;
  }

  /** A gate only ever goes up, so what is equal before and after was equal in between. */
  private lookAgain({ database }: TargetSession): GateAnswer {
    const { gate } = this.options;
    if (!database.isStandby || gate === null || this.way.broken.has('gate-of-a-standby-looked-at-again')) return 'open';
    if (this.found !== (database.gates.get(gate.apiUuid) ?? 0)) return 'newer';
    return server.judgeReplayed(database, gate, this.way.broken);
  }

  async commit(): Promise<void> {
    const tag = await this.send('commitExecution', (session) => server.commitOpen(session, this.way.process.name));
    if (tag !== 'COMMIT') throw notVoted(this.endpoint, tag);
    this.over();
  }

  async abandon(): Promise<void> {
    if (this.phase === 'over') return;
    this.phase = 'over';
    try {
      await this.connection.send('abandon', (session) => instantly(() => session.rollBack()));
      this.pooled.giveBack();
    } catch {
      this.connection.sever();
    }
  }

  /** No limit, or 0, is the execution's. */
  private bounded({ lockTimeoutMs, timeoutMs }: StatementLimits): server.ExecutionLimits {
    const { options } = this;
    return {
      readOnly: options.readOnly,
      lockTimeoutMs: lockTimeoutMs || options.lockTimeoutMs,
      timeoutMs: timeoutMs || options.statementTimeoutMs,
    };
  }

  private over(): void {
    this.phase = 'over';
    this.pooled.giveBack();
  }

  private send<T>(name: string, procedure: (session: TargetSession) => Procedure<T>): Promise<T> {
    return this.connection.send(name, procedure, 2 * this.options.lockTimeoutMs + this.options.statementTimeoutMs);
  }
}

function* enterOrTell(
  session: TargetSession,
  endpoint: Endpoint,
  { gate, lockTimeoutMs }: Pick<ExecutionOptions, 'gate' | 'lockTimeoutMs'>,
  broken: ReadonlySet<string>,
): Procedure<GateAnswer> {
  try {
    return yield* server.enter(session, gate, lockTimeoutMs, broken);
  } catch (error) {
    session.rollBack();
    if (!(error instanceof LockNotAvailable)) throw error;
    const context = { endpoint_id: endpoint.id, api_uuid: gate?.apiUuid, lock_timeout_ms: lockTimeoutMs };
    throw new EdenError('LOCK_TIMEOUT', { ...context, blockers: blockersOf(error) });
  }
}
