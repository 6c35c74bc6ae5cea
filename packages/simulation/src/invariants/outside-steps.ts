import type { OutsideStep, Statement } from '@eden/domain';
import type { ControlDatabase } from '../control/control-database.js';
import type { RunRow } from '../control/tables.js';
import {
  parseStatement,
  type BuildStatement,
  type OutsideStatement,
  type TargetStatement,
} from '../targets/statements.js';
import type { TargetDatabase } from '../targets/target-database.js';
import type { Evidence } from './evidence.js';
import type { PromiseName } from './violation.js';

interface Ended {
  readonly control: ControlDatabase;
  readonly databases: readonly TargetDatabase[];
  readonly observer: { readonly evidence: Evidence; violate(promise: PromiseName, details: string): void };
}

/** What a database has of a step. */
type Found = 'all of it' | 'some of it' | 'nothing';

/** P5: the steps of a run outside its transaction are all done, or all taken back, or named; and so are their rows in a tool's history. */
export function checkSteps(ended: Ended, run: RunRow): void {
  const { control, observer } = ended;
  const { named, hasTargetLoss, hasRewound } = observer.evidence;
  if (named.has(run.uuid) || hasTargetLoss || hasRewound) return;
  const steps = control.table('outsideSteps').get(run.uuid)?.steps ?? [];
  for (const step of steps.filter((each) => !isLeft(run, each))) checkStep(ended, run, step);
}

function checkStep({ control, databases, observer }: Ended, run: RunRow, step: OutsideStep): void {
  const later = laterRuns(control, run);
  // What a file does has the same name in every run.
  if (step.work.record.length > 0 && later.length > 0) return;
  // What a rollback could not do again is told.
  if (later.some(({ error }) => error?.code === 'STEP_COMPENSATION_FAILED')) return;
  const wanted = isInEffect(run, later) ? 'all of it' : 'nothing';
  // A copy has one id with its original until the two are compared.
  const meant = databases.filter((database) => database.hasBeen(step.database.key));
  const wrong = meant.map((database) =>
    tracesOf(database, step).filter(([, found]) => found !== 'either' && found !== wanted),
  );
  for (const [what, found] of wrong.every(({ length }) => length > 0) ? wrong.flat() : []) {
    observer.violate(
      'P5',
      `${what} of step ${step.number} of run ${run.uuid}, which is ${run.state}: ${found} is there`,
    );
  }
}

/** Those of its migration that have come after it, and change something. */
function laterRuns(control: ControlDatabase, { migrationUuid, order }: RunRow): readonly RunRow[] {
  const all = [...control.table('runs').values()];
  return all.filter((row) => row.migrationUuid === migrationUuid && row.order > order && row.kind !== 'sync');
}

/** What a migrate has done is, until a rollback has succeeded; what a rollback does, from when it or one after it has. */
function isInEffect(run: RunRow, later: readonly RunRow[]): boolean {
  const isTakenBack = [run, ...later].some(({ kind, state }) => kind === 'rollback' && state === 'succeeded');
  return run.kind === 'rollback' ? isTakenBack : run.state === 'succeeded' && !isTakenBack;
}

/** What nothing takes back is left, and told. */
function isLeft({ state }: RunRow, step: OutsideStep): boolean {
  return state !== 'succeeded' && step.state === 'left' && step.class !== 'compensable';
}

/** `either`: there is nothing to be found. */
type Trace = readonly [what: string, found: Found | 'either'];

function tracesOf(database: TargetDatabase, { work }: OutsideStep): readonly Trace[] {
  const [statement] = work.statements.map(parsed);
  const rows = work.record.map(parsed).filter((each) => each.op === 'note');
  return [
    ...(statement === undefined ? [] : [['what is done', foundOf(database, statement)] as const]),
    ...rows.map((row) => ['the row', amount(database.toolHistory.timesNoted(row), 1)] as const),
  ];
}

function parsed({ text }: Statement): TargetStatement {
  return parseStatement({ text, params: [] });
}

function foundOf(database: TargetDatabase, statement: TargetStatement): Found | 'either' {
  if (statement.op === 'outside') return effectsOf(database, statement);
  if (statement.op === 'build') return indexOf(database, statement);
  if (statement.op !== 'batch' || statement.rows === 0) return 'either';
  return amount(database.backfills.keysDone(statement).length, statement.rows);
}

/** A rollback takes back what a migrate has done, and is itself taken back by doing that again. */
function effectsOf(database: TargetDatabase, statement: OutsideStatement): Found {
  const isThere = database.timesOf({ ...statement, by: 1 }) > database.timesOf({ ...statement, by: -1 });
  return isThere === statement.by > 0 ? 'all of it' : 'nothing';
}

function indexOf({ indexes }: TargetDatabase, { index }: BuildStatement): Found {
  const found = indexes.get(index);
  if (found === undefined || found.isForeign === true) return 'nothing';
  return found.isValid ? 'all of it' : 'some of it';
}

function amount(found: number, whole: number): Found {
  if (found === 0) return 'nothing';
  return found === whole ? 'all of it' : 'some of it';
}
