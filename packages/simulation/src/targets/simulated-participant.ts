import { CommittedBefore, EdenError, formatPreparedId, isEdenError } from '@eden/domain';
import type {
  AheadStatement,
  Endpoint,
  ParticipantSession,
  ParticipantSpec,
  Statement,
  StatementLimits,
  StatementResult,
} from '@eden/domain';
import { blockersOf, instantly, notVoted } from './answers.js';
import * as server from './procedures.js';
import { LockNotAvailable, type Procedure, type TargetSession } from './target-session.js';
import { Connection, type TargetWay } from './target-way.js';

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
      throw isEdenError(error, 'LOCK_TIMEOUT')
        ? new EdenError(error.code, { ...error.context, endpoint_id: endpoint.id })
        : error;
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
    return this.send('run', (session) => server.execute(session, statement.text, this.boundOf(limits)));
  }

  /** One message, which the server works off whether the process that has sent it is there or not. */
  sendAhead(statements: readonly AheadStatement[]): Promise<readonly Promise<StatementResult>[]> {
    this.expect('working');
    const results: StatementResult[] = [];
    const all = this.send('sendAhead', (session) => this.takeTurns(session, statements, results), statements.length);
    const answered = all.then(
      () => null,
      (error: unknown) => ({ error }),
    );
    const answers = statements.map(async (statement, turn) => {
      const failure = await answered;
      const result = results[turn];
      if (turn <= results.length) statement.begins();
      if (result === undefined) throw failure?.error;
      return result;
    });
    return Promise.resolve(answers);
  }

  observe(): Promise<null> {
    return Promise.resolve(null);
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

  private *takeTurns(
    session: TargetSession,
    statements: readonly AheadStatement[],
    results: StatementResult[],
  ): Procedure<void> {
    for (const { statement, limits } of statements) {
      this.mark(session);
      results.push(yield* server.execute(session, statement.text, this.boundOf(limits)));
    }
  }

  private boundOf(limits: StatementLimits) {
    const lockTimeoutMs = limits.lockTimeoutMs || this.spec.lockTimeoutMs;
    return { readOnly: false, lockTimeoutMs, timeoutMs: limits.timeoutMs || Infinity };
  }

  private mark({ work }: TargetSession): void {
    this.savepointMark = work?.mark() ?? null;
  }

  private goBack(session: TargetSession): void {
    this.savepointMark?.();
    session.hasFailed = false;
  }

  private async send<T>(name: string, procedure: (session: TargetSession) => Procedure<T>, statements = 1): Promise<T> {
    const { gateTimeoutMs, gates, lockTimeoutMs } = this.spec;
    this.busy += 1;
    const waits = name === 'begin' ? (gates.length + 2) * gateTimeoutMs : statements * (lockTimeoutMs + STATEMENT_MS);
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
  return {
    endpoint_id: '',
    migration_uuid: migrationUuid,
    lock_timeout_ms: gateTimeoutMs,
    blockers: blockersOf(error),
  };
}
