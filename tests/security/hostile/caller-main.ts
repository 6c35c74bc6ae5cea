/**
 * A process that uses a target in one of the ways in which the service does, as often as it is told to by its parent, and
 * tells what came of it and what that cost. It handles no uncaught exception and no unhandled rejection: either ends it.
 */
import { randomUUID } from 'node:crypto';
import { asUuid, isEdenError, type Endpoint, type ParticipantSpec, type TargetAdapter } from '@eden/domain';
import { createTargets } from '@eden/targets';
import { Meter } from './meter.js';
import { REACH } from './reach.js';

export type Operation = 'inspect' | 'read' | 'execute' | 'idle' | 'participate' | 'settle';

/** What the parent asks for. */
export interface Call {
  readonly operation: Operation;
  readonly config: Endpoint['config'];
}

/** What it is told. */
export interface Outcome {
  /** `done`, or the code of the error. */
  readonly result: string;
  readonly details: string;
  readonly elapsedMs: number;
  /** Longest time that the event loop was busy with one thing. */
  readonly blockedMs: number;
  /** How much larger the process became at most. */
  readonly grownBytes: number;
}

const BOUNDS = { connectTimeoutMs: 1500, answerTimeoutMs: 1500, fenceWaitMs: 500, installWaitMs: 1500 };
const EXECUTION = {
  readOnly: false,
  gate: null,
  lockTimeoutMs: 500,
  statementTimeoutMs: 500,
  idleTimeoutMs: 0,
};

type Work = (adapter: TargetAdapter, endpoint: Endpoint) => Promise<void>;

const OPERATIONS: Readonly<Record<Operation, Work>> = { inspect, read, execute, idle, participate, settle };

async function inspect(adapter: TargetAdapter, endpoint: Endpoint): Promise<void> {
  await adapter.inspect(endpoint);
}

async function read(adapter: TargetAdapter, endpoint: Endpoint): Promise<void> {
  const session = await adapter.openExecution(endpoint, { ...EXECUTION, readOnly: true });
  try {
    await session.readOnce({ text: 'SELECT 1 AS one /* here */', params: [] });
  } finally {
    await session.abandon();
  }
}

async function execute(adapter: TargetAdapter, endpoint: Endpoint): Promise<void> {
  const session = await adapter.openExecution(endpoint, EXECUTION);
  try {
    await session.enter();
    await session.run({ text: 'SELECT $1::text AS one /* here */', params: ['x'] });
    await session.commit();
  } finally {
    await session.abandon();
  }
}

/** The session goes wrong between two executions; the second one must get a session that is in order, or be refused. */
async function idle(adapter: TargetAdapter, endpoint: Endpoint): Promise<void> {
  await execute(adapter, endpoint);
  for (let n = 0; n < 20; n += 1) await new Promise((resolve) => setTimeout(resolve, 10));
  await execute(adapter, endpoint);
}

async function participate(adapter: TargetAdapter, endpoint: Endpoint): Promise<void> {
  const session = await adapter.openParticipant(endpoint, participantSpec());
  try {
    await session.begin();
    await session.run({ text: 'SELECT $1::text AS one /* here */', params: ['x'] }, { timeoutMs: 500 });
    await session.prepare();
    await session.commitPrepared();
  } finally {
    await session.close();
  }
}

function participantSpec(): ParticipantSpec {
  return {
    installation: 'test',
    runUuid: asUuid(randomUUID()),
    migrationUuid: asUuid(randomUUID()),
    epoch: 1,
    number: 0,
    token: '0123456789abcdef',
    gates: [],
    gateTimeoutMs: 500,
    lockTimeoutMs: 500,
    onBlocked: () => undefined,
    onNotice: () => undefined,
  };
}

async function settle(adapter: TargetAdapter, endpoint: Endpoint): Promise<void> {
  const settlement = await adapter.openSettlement(endpoint);
  try {
    await settlement.listPrepared('test');
    await settlement.raiseFence(asUuid(randomUUID()), asUuid(randomUUID()), 1);
    await settlement.readLedger(asUuid(randomUUID()));
    await settlement.rollbackPrepared('eden_test_none');
  } finally {
    await settlement.close();
  }
}

async function perform({ operation, config }: Call): Promise<Outcome> {
  const meter = new Meter();
  const targets = createTargets({ postgres: BOUNDS, reach: REACH });
  const now = new Date();
  const endpoint: Endpoint = {
    uuid: asUuid(randomUUID()),
    organizationUuid: asUuid(randomUUID()),
    id: 'hostile',
    kind: 'Postgres',
    description: null,
    config,
    version: 1,
    database: null,
    createdAt: now,
    updatedAt: now,
  };
  const answer = await OPERATIONS[operation](targets.adapter('Postgres'), endpoint).then(
    () => ({ result: 'done', details: '' }),
    describeError,
  );
  await targets.close();
  return { ...answer, ...meter.read() };
}

function describeError(error: unknown): { result: string; details: string } {
  if (!isEdenError(error)) return { result: 'not an EdenError', details: String(error) };
  const { details, limit, message, sqlstate } = error.context;
  return { result: error.code, details: JSON.stringify({ details, limit, message, sqlstate }).slice(0, 200) };
}

process.on('message', (call: Call) => {
  void perform(call).then((outcome) => process.send?.(outcome));
});
process.send?.('ready');
