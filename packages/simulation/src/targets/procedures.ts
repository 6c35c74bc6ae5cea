import { EdenError } from '@eden/domain';
import type { Fenced, Gate, GateAnswer, ReaderGate, ParticipantSpec, StatementResult } from '@eden/domain';
import { parseStatement, rowOf, type TargetStatement } from './statements.js';
import type { TargetDatabase, Work } from './target-database.js';
import type { Procedure, TargetSession } from './target-session.js';

/* What the server does for each message of the adapter (packages/targets/src/postgres), statement by statement. */

const gateLock = (api: string): string => `gate/${api}`;
const runLock = (migration: string): string => `run/${migration}`;
const fenceLock = (migration: string): string => `fence/${migration}`;
const rowLock = (api: string): string => `row/${api}`;

/** Thrown by the server: the adapter makes a port's error of it. */
export class StatementFailed extends Error {
  override readonly name = 'StatementFailed';
}

/** What stands at the beginning of a participant's transaction. */
export interface Begun {
  readonly isFenced: boolean;
  readonly committed: string | null;
}

export function* begin(session: TargetSession, spec: ParticipantSpec, broken: ReadonlySet<string>): Procedure<Begun> {
  const { database } = session;
  const work = session.begin(`participant ${spec.runUuid}/${spec.epoch}/${spec.number}`);
  const { gateTimeoutMs: timeoutMs } = spec;
  yield { lock: runLock(spec.migrationUuid), mode: 'exclusive', timeoutMs };
  const gates = broken.has('gates-of-participants') ? [] : ascending(spec.gates);
  for (const { apiUuid } of gates) yield { lock: gateLock(apiUuid), mode: 'exclusive', timeoutMs };
  const isFenced = yield* raise(session, work, { ...spec, timeoutMs });
  const ledger = broken.has('ledger-before-begin') ? [] : database.ledgerOf(spec.runUuid);
  return { isFenced: isFenced && !broken.has('fence-at-begin'), committed: ledger[0]?.token ?? null };
}

function ascending(gates: readonly Gate[]): readonly Gate[] {
  return [...gates].sort((a, b) => (a.apiUuid < b.apiUuid ? -1 : 1));
}

interface Raise {
  readonly migrationUuid: string;
  readonly epoch: number;
  readonly timeoutMs: number;
}

/** Answers whether a newer epoch was there. */
function* raise(session: TargetSession, work: Work, { migrationUuid, epoch, timeoutMs }: Raise): Procedure<boolean> {
  yield { lock: fenceLock(migrationUuid), mode: 'exclusive', timeoutMs };
  const newest = session.database.fences.get(migrationUuid) ?? 0;
  if (newest > epoch) return true;
  work.fences.set(migrationUuid, epoch);
  return false;
}

export interface FenceRaise extends Raise {
  readonly runUuid: string;
}

/** In a transaction of its own. */
export function* raiseFence(session: TargetSession, fence: FenceRaise, broken: ReadonlySet<string>): Procedure<Fenced> {
  const { database } = session;
  const work = session.begin('fence');
  if (!broken.has('fence-before-the-ledger-is-read')) yield* raise(session, work, fence);
  const ledger = database.ledgerOf(fence.runUuid);
  database.commit(work, 'fence');
  session.work = null;
  return { fence: Math.max(fence.epoch, database.fences.get(fence.migrationUuid) ?? 0), ledger };
}

/** A statement of a transaction. @throws StatementFailed, LockNotAvailable */
export function* execute(session: TargetSession, text: string, limits: ExecutionLimits): Procedure<StatementResult> {
  const { work, database } = session;
  if (work === null) throw new StatementFailed('no transaction');
  if (session.hasFailed) throw new StatementFailed('the transaction has failed');
  const parsed = parseStatement({ text, params: [] });
  if (parsed.op === 'pause') {
    yield { pauseMs: parsed.ms };
    return { rows: [], rowCount: 0 };
  }
  if (parsed.op === 'fail') throw new StatementFailed('division by zero');
  if (parsed.op !== 'read') {
    if (limits.readOnly) throw new StatementFailed('a read-only transaction');
    yield { lock: rowLock(parsed.api), mode: 'exclusive', timeoutMs: limits.lockTimeoutMs };
  }
  return result(database, work, parsed);
}

export interface ExecutionLimits {
  readonly readOnly: boolean;
  readonly lockTimeoutMs: number;
}

function result(database: TargetDatabase, work: Work, parsed: TargetStatement): StatementResult {
  switch (parsed.op) {
    case 'read':
      return {
        rows: [rowOf({ ...parsed, database: database.name, value: database.counterOf(parsed.api) })],
        rowCount: 1,
      };
    case 'step':
      work.steps.push(parsed);
      return { rows: [], rowCount: 1 };
    case 'write':
      work.writes.push(parsed);
      return { rows: [], rowCount: 1 };
    case 'fail':
    case 'pause':
      return { rows: [], rowCount: 0 };
  }
}

/** Ledger and gates. */
export function record(work: Work, { runUuid, epoch, number, token, gates }: ParticipantSpec): void {
  work.ledger = { run: runUuid, epoch, number, token };
  for (const { apiUuid, schemaVersion } of gates) work.gates.set(apiUuid, schemaVersion);
}

/** Answers the command tag. */
export function* prepare(session: TargetSession, gid: string, spec: ParticipantSpec): Procedure<string> {
  const { work, database } = session;
  if (work === null || session.hasFailed) {
    session.rollBack();
    return 'ROLLBACK';
  }
  record(work, spec);
  yield { pauseMs: 0 };
  session.work = null;
  database.prepare(gid, work);
  return 'PREPARE TRANSACTION';
}

/** Answers the command tag. */
export function* commitOpen(session: TargetSession, by: string): Procedure<string> {
  const { work, database } = session;
  if (work === null || session.hasFailed) {
    session.rollBack();
    return 'ROLLBACK';
  }
  yield { pauseMs: 0 };
  session.work = null;
  database.commit(work, by);
  return 'COMMIT';
}

/** An execution's way into the gate: the lock, and then the version as another statement. */
export function* enter(
  session: TargetSession,
  gate: ReaderGate | null,
  lockTimeoutMs: number,
  broken: ReadonlySet<string>,
): Procedure<GateAnswer> {
  const { database } = session;
  session.begin('execution');
  if (gate === null || gate.mode === 'watch') return 'open';
  const before = database.gates.get(gate.apiUuid) ?? 0;
  if (!broken.has('gates-of-executions')) {
    yield { lock: gateLock(gate.apiUuid), mode: 'shared', timeoutMs: lockTimeoutMs };
  }
  const after = database.gates.get(gate.apiUuid) ?? 0;
  const version = broken.has('gate-read-as-a-separate-statement') ? before : after;
  return version > gate.schemaVersion ? 'newer' : 'open';
}

/** @throws EdenError FENCED for somebody who comes too late */
export function fencedError(endpointId: string, { migrationUuid, epoch }: ParticipantSpec): EdenError {
  const details = 'The target knows a newer epoch of this migration';
  return new EdenError('FENCED', { endpoint_id: endpointId, migration_uuid: migrationUuid, epoch, details });
}
