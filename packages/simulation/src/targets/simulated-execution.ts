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
import type { Connection, TargetWay } from './target-way.js';

/** Longest statement of the simulated targets' language, in milliseconds. */
const STATEMENT_MS = 3_000;

export interface PooledConnection {
  readonly connection: Connection;
  giveBack(): void;
}

/** As packages/targets/src/postgres/execute.ts. */
export class SimulatedExecution implements ExecutionSession {
  readonly isOnStandby = false;
  private phase: 'new' | 'entered' | 'over' = 'new';

  constructor(
    private readonly way: TargetWay,
    private readonly endpoint: Endpoint,
    private readonly options: ExecutionOptions,
    private readonly pooled: PooledConnection,
  ) {}

  private get connection(): Connection {
    return this.pooled.connection;
  }

  async enter(): Promise<GateAnswer> {
    this.phase = 'entered';
    const { gate, lockTimeoutMs } = this.options;
    return this.send('enter', (session) =>
      enterOrTell(session, this.endpoint, { gate, lockTimeoutMs }, this.way.broken),
    );
  }

  run(statement: Statement, limits: StatementLimits = {}): Promise<StatementResult> {
    if (this.phase !== 'entered') throw new Error('an execution runs between enter and commit');
    const { readOnly, lockTimeoutMs } = this.options;
    const bound = { readOnly, lockTimeoutMs: limits.lockTimeoutMs ?? lockTimeoutMs };
    return this.send('execute', (session) => server.execute(session, statement.text, bound));
  }

  async readOnce(statement: Statement): Promise<StatementResult | 'newer'> {
    this.phase = 'entered';
    const { gate, lockTimeoutMs } = this.options;
    const { broken } = this.way;
    const { endpoint } = this;
    const answer = await this.send('readOnce', function* once(session): Procedure<StatementResult | 'newer'> {
      const isOpen = yield* enterOrTell(session, endpoint, { gate, lockTimeoutMs }, broken);
      if (isOpen === 'newer') return isOpen;
      yield { pauseMs: 0 };
      const result = yield* server.execute(session, statement.text, { readOnly: true, lockTimeoutMs });
      session.rollBack();
      return result;
    });
    if (answer !== 'newer') this.over();
    return answer;
  }

  confirm(): Promise<GateAnswer> {
    return Promise.resolve('open');
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

  private over(): void {
    this.phase = 'over';
    this.pooled.giveBack();
  }

  private send<T>(name: string, procedure: (session: TargetSession) => Procedure<T>): Promise<T> {
    return this.connection.send(name, procedure, 2 * this.options.lockTimeoutMs + STATEMENT_MS);
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
