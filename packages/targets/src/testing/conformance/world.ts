import { expect } from '@jest/globals';
import {
  isEdenError,
  type Endpoint,
  type ExecutionOptions,
  type ExecutionSession,
  type Gate,
  type ParticipantSession,
  type ParticipantSpec,
  type Settlement,
  type TargetAdapter,
  type Uuid,
} from '@eden/domain';
import { eventually, startTcpProxy } from '@eden/testkit';
import { endpointAt, gate, newUuid, participantSpec } from '../fixtures.js';
import { abilitiesOf, type Ability } from './abilities.js';
import type {
  Bounds,
  DatabaseUnderTest,
  HeldTable,
  KindUnderTest,
  Language,
  NetworkUnderTest,
} from './kind-under-test.js';

/** A loaded machine is slow; cases of a bound set their own. */
const PATIENT: Bounds = { connectMs: 20_000, answerMs: 20_000, silenceMs: 60_000, fenceWaitMs: 20_000 };

const HOST = '127.0.0.1';

interface Closable {
  close(): Promise<void>;
}

/** An endpoint behind a network that fails when it is told to. */
export interface FragileWay {
  readonly endpoint: Endpoint;
  readonly network: NetworkUnderTest;
}

/** One database of a kind, and what the cases open there; all of that is closed after each case. */
export class World {
  readonly language: Language;
  readonly adapter: TargetAdapter;
  readonly abilities: ReadonlySet<Ability>;
  private readonly open: Closable[] = [];
  private readonly fragile: FragileWay[] = [];
  private ours: DatabaseUnderTest | undefined;
  private way: Endpoint | undefined;

  constructor(readonly kind: KindUnderTest) {
    this.language = kind.language;
    this.adapter = kind.createAdapter(PATIENT);
    this.abilities = abilitiesOf(kind, this.adapter);
  }

  get database(): DatabaseUnderTest {
    if (this.ours === undefined) throw new Error('the world is not set up');
    return this.ours;
  }

  get endpoint(): Endpoint {
    if (this.way === undefined) throw new Error('the world is not set up');
    return this.way;
  }

  async setUp(): Promise<void> {
    this.ours = await this.kind.createDatabase();
    this.way = this.endpointOf(this.ours);
    if (this.abilities.has('transactions')) await this.adapter.install(this.way, newUuid());
  }

  /** Sessions first: a network that comes back would wake them up. */
  async tidyUp(): Promise<void> {
    await Promise.all(this.open.splice(0).map((each) => each.close()));
    await Promise.all(this.fragile.splice(0).map(({ network }) => network.stop()));
  }

  close(): Promise<void> {
    return this.adapter.close();
  }

  /** A second, empty database of the kind. */
  newDatabase(): Promise<DatabaseUnderTest> {
    return this.kind.createDatabase();
  }

  endpointOf(database: DatabaseUnderTest, host = HOST, port = database.port): Endpoint {
    return endpointAt('', { kind: this.adapter.kind, config: database.configAt(host, port) });
  }

  async fragileWay(): Promise<FragileWay> {
    const start = this.kind.startNetwork ?? startTcpProxy;
    const network = await start(this.database.port);
    const way = { network, endpoint: this.endpointOf(this.database, HOST, network.port) };
    this.fragile.push(way);
    return way;
  }

  /** An adapter of the same kind with bounds of its own. */
  adapterWith(bounds: Partial<Bounds>): TargetAdapter {
    return this.keep(this.kind.createAdapter({ ...PATIENT, ...bounds }));
  }

  async participant(
    change: Partial<ParticipantSpec> = {},
    { adapter = this.adapter, endpoint = this.endpoint } = {},
  ): Promise<ParticipantSession> {
    return this.keep(await adapter.openParticipant(endpoint, participantSpec(change)));
  }

  async begun(change: Partial<ParticipantSpec> = {}): Promise<ParticipantSession> {
    const session = await this.participant(change);
    await session.begin();
    return session;
  }

  /** A participant that has inserted `id`. */
  async atWork(id: number, change: Partial<ParticipantSpec> = {}): Promise<ParticipantSession> {
    const session = await this.begun(change);
    await session.run(this.language.insert(id));
    return session;
  }

  /** A participant of this epoch comes too late. */
  async expectFenced(change: Partial<ParticipantSpec>, endpoint = this.endpoint): Promise<void> {
    const late = await this.participant(change, { endpoint });
    await expectFencedAt(late);
  }

  async settlement({ adapter = this.adapter, endpoint = this.endpoint } = {}): Promise<Settlement> {
    return this.keep(await adapter.openSettlement(endpoint));
  }

  async execution(change: Partial<ExecutionOptions> = {}, endpoint = this.endpoint): Promise<ExecutionSession> {
    const session = await this.adapter.openExecution(endpoint, { ...EXECUTION, ...change });
    this.open.push({ close: () => session.abandon() });
    return session;
  }

  /** An execution that has found its gate open. */
  async entered(change: Partial<ExecutionOptions> = {}, endpoint = this.endpoint): Promise<ExecutionSession> {
    const session = await this.execution(change, endpoint);
    const answer = await session.enter();
    if (answer !== 'open') throw new Error(`the gate is ${answer}`);
    return session;
  }

  /** Commits a participant whose work, if any, is `work`; whatever its kind of commit. */
  async commits(
    change: Partial<ParticipantSpec> = {},
    work: (session: ParticipantSession) => Promise<unknown> = () => Promise.resolve(),
  ): Promise<void> {
    const session = await this.begun(change);
    await work(session);
    await session.recordOutcome();
    await session.commit();
    await session.close();
  }

  /** The gate of a new API, which the database knows at `schemaVersion`. */
  async gateAt(schemaVersion: number): Promise<Gate> {
    const known = gate(newUuid(), schemaVersion);
    await this.commits({ gates: [known] });
    return known;
  }

  /** A stranger's lock on the whole table. */
  async heldTable(): Promise<HeldTable> {
    return this.keep(await this.database.holdTable());
  }

  /** Resolves when as many sessions as that wait for a lock. */
  async whenWaiting(sessions: number): Promise<void> {
    await eventually(async () => expect(await this.database.waiting()).toBe(sessions));
  }

  /** Resolves when `work` succeeds: a target that was away needs its time, and so does one of a busy machine. */
  whenDone<T>(work: () => Promise<T>): Promise<T> {
    return eventually(work);
  }

  keep<T extends Closable>(opened: T): T {
    this.open.push(opened);
    return opened;
  }
}

/** Closes it, because whoever is fenced still holds what he has locked. */
export async function expectFencedAt(late: ParticipantSession): Promise<void> {
  expect(await failure(late.begin())).toMatchObject({ code: 'FENCED', retryable: false });
  await late.close();
}

const EXECUTION: ExecutionOptions = {
  readOnly: false,
  gate: null,
  lockTimeoutMs: 20_000,
  statementTimeoutMs: 20_000,
  idleTimeoutMs: 0,
};

/** What `work` rejects with; undefined when it does not. */
export function failureOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
}

/** The rejection of `work` without its cause, which does not leave the service. */
export async function failure(work: Promise<unknown>): Promise<Failure> {
  const error = await failureOf(work);
  if (!isEdenError(error)) throw new Error('an EdenError was expected', { cause: error });
  const { code, retryable, context } = error;
  return { code, retryable, context };
}

export interface Failure {
  readonly code: string;
  readonly retryable: boolean;
  readonly context: Readonly<Record<string, unknown>>;
}

/** Whether the run's ledger has the participant. */
export async function hasCommitted(
  settlement: Settlement,
  runUuid: Uuid,
  epoch: number,
  number: number,
): Promise<boolean> {
  const ledger = await settlement.readLedger(runUuid);
  return ledger.some((row) => row.epoch === epoch && row.number === number);
}
