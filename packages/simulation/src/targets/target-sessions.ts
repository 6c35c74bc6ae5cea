import { CommittedBefore, EdenError, formatPreparedId, isEdenError } from '@eden/domain';
import type {
  DatabaseIdentity,
  Endpoint,
  ExecutionOptions,
  ExecutionSession,
  Fenced,
  GateAnswer,
  LedgerRow,
  ParticipantSession,
  ParticipantSpec,
  PreparedTransaction,
  Settlement,
  Statement,
  StatementLimits,
  StatementResult,
} from '@eden/domain';
import * as server from './procedures.js';
import { Connection, type TargetWay } from './target-way.js';
import { LockNotAvailable, type Procedure, type TargetSession } from './target-session.js';

const application = ({ runUuid, epoch, number }: Pick<ParticipantSpec, 'runUuid' | 'epoch' | 'number'>): string =>
  `eden/${runUuid}/${epoch}/${number}`;

/** Longest statement of the simulated targets' language, in milliseconds. */
const STATEMENT_MS = 3_000;

type Phase = 'connected' | 'working' | 'prepared' | 'recorded' | 'committed' | 'closed';

/** As packages/targets/src/postgres/participant.ts, over a simulated session. */
export class SimulatedParticipant implements ParticipantSession {
  readonly preparedId: string;
  private phase: Phase = 'connected';
  private savepointMark: (() => void) | null = null;
  private busy = 0;
  private readonly connection: Connection;

  constructor(
    private readonly way: TargetWay,
    private readonly endpoint: Endpoint,
    private readonly spec: ParticipantSpec,
  ) {
    this.preparedId = formatPreparedId(spec);
    this.connection = new Connection(way, endpoint, application(spec));
  }

  open(): Promise<void> {
    return this.connection.open();
  }

  async begin(): Promise<void> {
    this.expect('connected');
    this.phase = 'working';
    const { spec, endpoint } = this;
    try {
      const begun = await this.send('begin', (session) => beginOrTell(session, spec, this.way.broken));
      if (begun.committed !== null) throw new CommittedBefore(begun.committed);
      if (begun.isFenced) throw server.fencedError(endpoint.id, spec);
    } catch (error) {
      throw isEdenError(error, 'LOCK_TIMEOUT') ? new EdenError(error.code, { ...error.context, endpoint_id: endpoint.id }) : error;
    }
  }

  holdProof(): Promise<string> {
    this.expect('working');
    const proof = this.way.process.random.uuid();
    return this.send('holdProof', function* hold(): Procedure<string> {
      yield { lock: `proof/${proof}`, mode: 'exclusive', timeoutMs: 1 };
      return proof;
    });
  }

  run(statement: Statement, limits: StatementLimits = {}): Promise<StatementResult> {
    this.expect('working');
    const lockTimeoutMs = limits.lockTimeoutMs ?? this.spec.lockTimeoutMs;
    return this.send('run', (session) => server.execute(session, statement.text, { readOnly: false, lockTimeoutMs }));
  }

  savepoint(): Promise<void> {
    this.expect('working');
    return this.send('savepoint', (session) => instantly(() => this.mark(session)));
  }

  rollbackToSavepoint(): Promise<void> {
    this.expect('working');
    return this.send('rollbackToSavepoint', (session) => instantly(() => this.goBack(session)));
  }

  releaseSavepoint(): Promise<void> {
    this.expect('working');
    return Promise.resolve();
  }

  async prepare(): Promise<void> {
    this.expect('working');
    const { spec, preparedId, way } = this;
    const tag = await this.send('prepare', (session) => server.prepare(session, preparedId, spec));
    if (tag !== 'PREPARE TRANSACTION' && !way.broken.has('command-tag-of-prepare')) throw notVoted(this.endpoint, tag);
    this.phase = 'prepared';
  }

  async recordOutcome(): Promise<void> {
    this.expect('working');
    const { spec, endpoint } = this;
    await this.send('recordOutcome', (session) =>
      instantly(() => {
        if (session.work === null || session.hasFailed) throw notVoted(endpoint, 'ROLLBACK');
        server.record(session.work, spec);
      }),
    );
    this.phase = 'recorded';
  }

  async commit(): Promise<void> {
    this.expect('recorded');
    const tag = await this.send('commit', (session) => server.commitOpen(session, this.way.process.name));
    if (tag !== 'COMMIT') throw notVoted(this.endpoint, tag);
    this.phase = 'committed';
  }

  async commitPrepared(): Promise<'committed' | 'missing'> {
    this.expect('prepared');
    const by = this.way.process.name;
    const isDone = await this.send('commitPreparedOnSession', ({ database }) =>
      instantly(() => database.commitPrepared(this.preparedId, by)),
    );
    if (!isDone) return 'missing';
    this.phase = 'committed';
    return 'committed';
  }

  /** Whatever is at work on the connection ends with it; what is idle is rolled back first. */
  async close(): Promise<void> {
    const wasOpen = this.phase === 'working' || this.phase === 'recorded';
    if (this.phase === 'closed') return;
    this.phase = 'closed';
    if (wasOpen && this.busy === 0) await this.rollBack();
    this.connection.sever();
  }

  private async rollBack(): Promise<void> {
    try {
      await this.send('rollback', (session) => instantly(() => session.rollBack()));
    } catch {
      this.connection.sever();
    }
  }

  private mark({ work }: TargetSession): void {
    this.savepointMark = work?.mark() ?? null;
  }

  private goBack(session: TargetSession): void {
    this.savepointMark?.();
    session.hasFailed = false;
  }

  private async send<T>(name: string, procedure: (session: TargetSession) => Procedure<T>): Promise<T> {
    const { gateTimeoutMs, gates, lockTimeoutMs } = this.spec;
    this.busy += 1;
    const waits = name === 'begin' ? (gates.length + 2) * gateTimeoutMs : lockTimeoutMs + STATEMENT_MS;
    try {
      return await this.connection.send(name, procedure, waits + this.way.silenceMs);
    } finally {
      this.busy -= 1;
    }
  }

  private expect(phase: Phase): void {
    if (this.phase !== phase) throw new Error(`the participant is ${this.phase}, not ${phase}`);
  }
}

/** A lock that stays taken is told as such: `statementError` would make a statement's failure of it. */
function* beginOrTell(
  session: TargetSession,
  spec: ParticipantSpec,
  broken: ReadonlySet<string>,
): Procedure<server.Begun> {
  try {
    return yield* server.begin(session, spec, broken);
  } catch (error) {
    session.rollBack();
    throw error instanceof LockNotAvailable ? new EdenError('LOCK_TIMEOUT', gateContext(spec, error)) : error;
  }
}

function gateContext({ migrationUuid, gateTimeoutMs }: ParticipantSpec, error: LockNotAvailable) {
  return { endpoint_id: '', migration_uuid: migrationUuid, lock_timeout_ms: gateTimeoutMs, blockers: blockersOf(error) };
}

function blockersOf({ blockers }: LockNotAvailable) {
  return blockers.map((application) => ({
    pid: null,
    user: null,
    application,
    query: null,
    age_ms: null,
    database: '',
    prepared_id: null,
  }));
}

function notVoted(endpoint: Endpoint, tag: string): EdenError {
  return new EdenError('TEMPLATE_EXECUTION_FAILED', { endpoint_id: endpoint.id, sqlstate: '25P02', message: tag });
}

// eslint-disable-next-line require-yield -- it waits for nothing
export function* instantly<T>(work: () => T): Procedure<T> {
  return work();
}

/** As packages/targets/src/postgres/execute.ts. */
export class SimulatedExecution implements ExecutionSession {
  private phase: 'new' | 'entered' | 'over' = 'new';

  constructor(
    private readonly way: TargetWay,
    private readonly endpoint: Endpoint,
    private readonly options: ExecutionOptions,
    private readonly connection: Connection,
    private readonly giveBack: () => void,
  ) {}

  async enter(): Promise<GateAnswer> {
    this.phase = 'entered';
    const { gate, lockTimeoutMs } = this.options;
    return this.send('enter', (session) => enterOrTell(session, this.endpoint, { gate, lockTimeoutMs }, this.way.broken));
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
      this.giveBack();
    } catch {
      this.connection.sever();
    }
  }

  private over(): void {
    this.phase = 'over';
    this.giveBack();
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

/** How long raising a fence waits for whoever holds it. */
const FENCE_WAIT_MS = 1_000;

/** As packages/targets/src/postgres/settlement.ts: a session that was lost is replaced by the next call. */
export class SimulatedSettlement implements Settlement {
  private connection: Connection;

  constructor(
    private readonly way: TargetWay,
    private readonly endpoint: Endpoint,
  ) {
    this.connection = new Connection(way, endpoint, 'eden settlement');
  }

  open(): Promise<void> {
    return this.connection.open();
  }

  isAt({ key }: DatabaseIdentity): Promise<boolean> {
    return this.send('isAt', ({ database }) => instantly(() => database.key === key));
  }

  listPrepared(installation: string): Promise<readonly PreparedTransaction[]> {
    return this.send('listPrepared', ({ database }) => instantly(() => database.listPrepared(installation)));
  }

  async commitPrepared(preparedId: string): Promise<'committed' | 'missing'> {
    const by = this.way.process.name;
    const isDone = await this.send('commitPrepared', ({ database }) =>
      instantly(() => database.commitPrepared(preparedId, by)),
    );
    return isDone ? 'committed' : 'missing';
  }

  async rollbackPrepared(preparedId: string): Promise<'rolled back' | 'missing'> {
    const by = this.way.process.name;
    const isDone = await this.send('rollbackPrepared', ({ database }) =>
      instantly(() => database.rollbackPrepared(preparedId, by)),
    );
    return isDone ? 'rolled back' : 'missing';
  }

  readLedger(runUuid: string): Promise<readonly LedgerRow[]> {
    return this.send('readLedger', ({ database }) => instantly(() => database.ledgerOf(runUuid)));
  }

  deleteLedger(runUuid: string): Promise<void> {
    return this.send('deleteLedger', ({ database }) =>
      instantly(() => {
        database.ledger = database.ledger.filter((row) => row.run !== runUuid);
      }),
    );
  }

  raiseFence(runUuid: string, migrationUuid: string, epoch: number): Promise<Fenced> {
    const { endpoint } = this;
    const fence = { runUuid, migrationUuid, epoch, timeoutMs: FENCE_WAIT_MS };
    return this.send('raiseFence', (session) => raiseOrTell(session, endpoint, fence, this.way.broken));
  }

  endBackends(runUuid: string, beforeEpoch: number): Promise<number> {
    const { broken } = this.way;
    return this.send('endBackends', ({ database }) =>
      instantly(() => {
        if (broken.has('sessions-are-ended')) return 0;
        const ended = [...database.sessions].filter((session) => isBefore(session.application, runUuid, beforeEpoch));
        for (const session of ended) session.end();
        return ended.length;
      }),
    );
  }

  close(): Promise<void> {
    this.connection.sever();
    return Promise.resolve();
  }

  private async send<T>(name: string, procedure: (session: TargetSession) => Procedure<T>): Promise<T> {
    if (!this.connection.isUsable) {
      this.connection = new Connection(this.way, this.endpoint, 'eden settlement');
      await this.connection.open();
    }
    return this.connection.send(name, procedure);
  }
}

function isBefore(name: string, runUuid: string, beforeEpoch: number): boolean {
  const [eden, run, epoch] = name.split('/');
  return eden === 'eden' && run === runUuid && Number(epoch) < beforeEpoch;
}

function* raiseOrTell(
  session: TargetSession,
  endpoint: Endpoint,
  fence: server.FenceRaise,
  broken: ReadonlySet<string>,
): Procedure<Fenced> {
  try {
    return yield* server.raiseFence(session, fence, broken);
  } catch (error) {
    session.rollBack();
    if (!(error instanceof LockNotAvailable)) throw error;
    const context = { endpoint_id: endpoint.id, migration_uuid: fence.migrationUuid, lock_timeout_ms: fence.timeoutMs };
    throw new EdenError('LOCK_TIMEOUT', context);
  }
}
