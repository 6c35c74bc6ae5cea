import { EdenError } from '@eden/domain';
import type { Fenced, Gate, GateAnswer, ReaderGate, ParticipantSpec, StatementResult } from '@eden/domain';
import { isOfItems, locksOfItems, resultOfItems } from './item-procedures.js';
import { isOfTool, locksOfTool, resultOfTool } from './tool-procedures.js';
import { StatementFailed } from './statement-failed.js';
import { isOfStep, locksOfStep, resultOfStep } from './step-procedures.js';
import {
  parseStatement,
  rowOf,
  type BuildStatement,
  type OutsideStatement,
  type TargetStatement,
} from './statements.js';
import type { TakenLock } from './lock-table.js';
import type { TargetDatabase } from './target-database.js';
import type { Work } from './work.js';
import type { Procedure, TargetSession } from './target-session.js';

/* What the server does for each message of the adapter (packages/targets/src/postgres), statement by statement. */

const gateLock = (api: string): string => `gate/${api}`;
const runLock = (migration: string): string => `run/${migration}`;
const fenceLock = (migration: string): string => `fence/${migration}`;
const rowLock = (row: string): string => `row/${row}`;
const TOO_LONG = 'canceling statement due to statement timeout';

/** Prepared transactions are all taken. */
export class NoSlot extends Error {
  override readonly name = 'NoSlot';
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
  if (parsed.op === 'pause') yield* pause(parsed.ms, limits);
  if (isAlone(parsed)) throw new StatementFailed('cannot run inside a transaction block');
  if (parsed.op === 'fail') throw new StatementFailed('division by zero');
  if (limits.readOnly && CHANGES.includes(parsed.op)) throw new StatementFailed('a read-only transaction');
  for (const lock of locksOf(parsed)) yield* takeLock(lock, limits);
  return result(database, work, parsed);
}

function isAlone(parsed: TargetStatement): parsed is OutsideStatement | BuildStatement {
  return parsed.op === 'outside' || parsed.op === 'build';
}

export interface ExecutionLimits {
  readonly readOnly: boolean;
  readonly lockTimeoutMs: number;
  /** Of the whole statement. */
  readonly timeoutMs: number;
}

const CHANGES: readonly TargetStatement['op'][] = [
  'step',
  'write',
  'insert',
  'remove',
  'batch',
  'unbatch',
  'drop',
  'create history',
  'note',
  'file',
];

function locksOf(statement: TargetStatement): readonly TakenLock[] {
  if (isOfTool(statement)) return locksOfTool(statement);
  if (isOfStep(statement)) return locksOfStep(statement);
  if (isOfItems(statement)) return locksOfItems(statement);
  if (statement.op === 'step' || statement.op === 'write') return [[rowLock(statement.api), 'exclusive']];
  return [];
}

function* pause(ms: number, { timeoutMs }: ExecutionLimits): Procedure<void> {
  yield { pauseMs: Math.min(ms, timeoutMs) };
  if (ms > timeoutMs) throw new StatementFailed(TOO_LONG);
}

/** Whichever limit comes first ends the wait. */
function* takeLock([lock, mode]: TakenLock, { lockTimeoutMs, timeoutMs }: ExecutionLimits): Procedure<void> {
  try {
    yield { lock, mode, timeoutMs: Math.min(lockTimeoutMs, timeoutMs) };
  } catch (error) {
    throw timeoutMs < lockTimeoutMs ? new StatementFailed(TOO_LONG) : error;
  }
}

function result(
  database: TargetDatabase,
  work: Work,
  parsed: Exclude<TargetStatement, OutsideStatement | BuildStatement>,
): StatementResult {
  if (isOfTool(parsed)) return resultOfTool(database.toolHistory, work, parsed);
  if (isOfStep(parsed)) return resultOfStep(database, work, parsed);
  if (isOfItems(parsed)) return resultOfItems(database.items, work, parsed);
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
    case 'pause':
      return { rows: [{}], rowCount: 1 };
    case 'fail':
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
  if (database.prepared.size >= database.slots) {
    session.rollBack();
    throw new NoSlot();
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
  if (gate === null || (gate.mode === 'watch' && !database.isStandby)) return 'open';
  if (database.isStandby) return judgeReplayed(database, gate, broken);
  const before = database.gates.get(gate.apiUuid) ?? 0;
  if (!broken.has('gates-of-executions')) {
    yield { lock: gateLock(gate.apiUuid), mode: 'shared', timeoutMs: lockTimeoutMs };
  }
  const after = database.gates.get(gate.apiUuid) ?? 0;
  const version = broken.has('gate-read-as-a-separate-statement') ? before : after;
  return version > gate.schemaVersion ? 'newer' : 'open';
}

/** Nothing holds a gate on a standby. */
export function judgeReplayed(
  database: TargetDatabase,
  { apiUuid, schemaVersion, committedVersion = 0 }: ReaderGate,
  broken: ReadonlySet<string>,
): GateAnswer {
  const version = database.gates.get(apiUuid) ?? 0;
  if (version > schemaVersion) return 'newer';
  const isBehind = version < committedVersion && !broken.has('standby-that-lags-behind');
  return isBehind ? 'behind' : 'open';
}

/** @throws EdenError FENCED for somebody who comes too late */
export function fencedError(endpointId: string, { migrationUuid, epoch }: ParticipantSpec): EdenError {
  const details = 'The target knows a newer epoch of this migration';
  return new EdenError('FENCED', { endpoint_id: endpointId, migration_uuid: migrationUuid, epoch, details });
}
