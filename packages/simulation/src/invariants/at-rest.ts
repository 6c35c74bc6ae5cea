import { isFinished, parsePreparedId } from '@eden/domain';
import type { ControlDatabase } from '../control/control-database.js';
import { isOver, KEPT_DAYS } from '../control/retention-port.js';
import type { RunRow } from '../control/tables.js';
import type { TargetDatabase } from '../targets/target-database.js';
import type { Observer } from './observer.js';
import { checkSteps } from './outside-steps.js';

/** What is there once the faults have stopped and nothing moves any more. */
export interface AtRest {
  readonly control: ControlDatabase;
  readonly installation: string;
  readonly databases: readonly TargetDatabase[];
  readonly observer: Observer;
  /** Prepared transactions that somebody was told of. */
  readonly reported: ReadonlySet<string>;
}

/** Whether everything has come to its end. */
export function isAtRest({ control, databases, installation, reported }: AtRest): boolean {
  const runs = [...control.table('runs').values()];
  if (runs.some(({ state }) => !isFinished(state))) return false;
  return databases.every((database) =>
    [...database.prepared.keys()].every((gid) => !isOurs(gid, installation) || reported.has(runOf(gid))),
  );
}

/** Liveness: every accepted run ends, every prepared transaction is gone, or a named bad state stands. */
export function checkLiveness(rest: AtRest): void {
  const { control, databases, observer, installation, reported } = rest;
  for (const { uuid, kind, state, epoch } of control.table('runs').values()) {
    if (!isFinished(state))
      observer.violate('liveness', `the ${kind} ${uuid} is ${state} at epoch ${epoch} and does not end`);
  }
  for (const database of databases) {
    for (const gid of database.prepared.keys()) {
      if (!isOurs(gid, installation) || reported.has(runOf(gid))) continue;
      observer.violate('P12', `${gid} stays prepared in ${database.name}, and nobody is told`);
    }
  }
}

/** P4, P6, P11: every run is in all of its databases or in none, as it says, once. */
export function checkAllOrNothing(rest: AtRest): void {
  const runs = new Map([...rest.control.table('runs').values()].map((run) => [run.uuid as string, run]));
  const seen = new Set(rest.databases.flatMap(({ ledger }) => ledger.map(({ run }) => run)));
  for (const uuid of new Set([...runs.keys(), ...seen])) checkRun(rest, uuid, runs.get(uuid));
}

function checkRun(rest: AtRest, uuid: string, run: RunRow | undefined): void {
  const { databases, observer } = rest;
  const { prunedRuns, hasRewound, hasTargetLoss } = observer.evidence;
  // What was taken away may come back with what is lost.
  if (prunedRuns.has(uuid) && (hasRewound || hasTargetLoss)) return;
  const committed = databases.filter(({ ledger }) => ledger.some((row) => row.run === uuid));
  if (run === undefined) {
    const isForgotten = observer.evidence.forgottenRuns.has(uuid);
    if (!isForgotten) observer.violate('P6', `run ${uuid} is not accepted, and ${committed.length} databases have it`);
    return;
  }
  if (run.kind === 'sync') return;
  checkSteps(rest, run);
  checkAccepted(rest, run, committed);
}

function checkAccepted(rest: AtRest, run: RunRow, committed: readonly TargetDatabase[]): void {
  const { observer } = rest;
  const { hasTargetLoss, stepDoubts } = observer.evidence;
  const naming = namingOf(rest, run);
  if (naming !== 'none' && (hasTargetLoss || stepDoubts.has(run.uuid))) return;
  if (naming === 'in vain') observer.violate('P11', `run ${run.uuid} was named although no target has lost anything`);
  // Of a run whose time is over, retention leaves what it cannot reach, and the run with it.
  if ((hasTargetLoss || isOver(run, observer.now(), KEPT_DAYS)) && !isReachable(rest, run)) return;
  const wrong = contradictionOf(observer, committed, run);
  if (wrong !== null) observer.violate(hasTargetLoss ? 'P12' : 'P4', `run ${run.uuid} ${wrong}`);
}

/** Whether endpoints still lead where it has worked: nobody looks at what a database loses once its last endpoint is deleted. */
function isReachable({ control }: AtRest, { uuid }: RunRow): boolean {
  const attempts = [...control.table('participants').values()].filter(({ runUuid }) => runUuid === uuid);
  return attempts.flatMap(({ rows }) => rows).every((row) => control.table('endpoints').has(row.endpointUuid));
}

/** A sweep tells what it has committed where the control database has forgotten the decision: that is no doubt. */
function namingOf({ observer, reported }: AtRest, run: RunRow): 'none' | 'told' | 'in vain' {
  const { hasRewound, named } = observer.evidence;
  const isInDoubt = run.inDoubtSince !== null;
  if (!isInDoubt && !named.has(run.uuid) && !reported.has(run.uuid)) return 'none';
  return !isInDoubt && hasRewound ? 'told' : 'in vain';
}

function contradictionOf(observer: Observer, committed: readonly TargetDatabase[], run: RunRow): string | null {
  const names = committed.map(({ name }) => name).join(', ');
  if (run.state !== 'succeeded')
    return committed.length === 0 ? null : `is ${run.state}, and ${names} has committed it`;
  const partakers = observer.partakersOf(run.token);
  const isWhole = committed.length === partakers.size && committed.every((database) => partakers.has(database));
  return isWhole ? null : `has succeeded in ${partakers.size} databases, and ${names || 'none'} has committed it`;
}

function isOurs(gid: string, installation: string): boolean {
  return parsePreparedId(gid)?.installation === installation;
}

function runOf(gid: string): string {
  return parsePreparedId(gid)?.runUuid ?? '';
}
