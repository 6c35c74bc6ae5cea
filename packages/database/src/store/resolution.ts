import { isLeftToUndo, resolutionOf, RUN_STEPS, runNotInDoubt } from '@eden/domain';
import type {
  DoubtfulDatabase,
  DoubtfulStep,
  OrganizationTransactor,
  OutsideStep,
  Run,
  RunResolution,
  RunStepName,
} from '@eden/domain';
import { Prisma } from '../generated/client.js';
import { forgetGates, noteGates } from '../journal/gates.js';
import { moveMembers } from '../journal/outcome.js';
import { endStep, readSteps } from './outside-steps.js';
import { takeStep } from '../journal/transition.js';
import type { Scope } from '../scope.js';

export function runResolution(scope: Scope): Pick<OrganizationTransactor, 'resolveRun'> {
  return { resolveRun: (run, resolution) => resolveRun(scope, run, resolution) };
}

const ENDS = { commit: 'resolveCommit', abort: 'resolveAbort' } as const satisfies Record<string, RunStepName>;

/** The evidence stays in the history and in the audit; a run that has succeeded has no error. */
const ERRORS = { commit: Prisma.sql`error = NULL`, abort: Prisma.sql`error = error` } as const;

/** What the run had failed of counts again. */
const FAILURE = Prisma.sql`error = error -> 'context' -> 'failure'`;

type Decision = Exclude<RunResolution['decision'], 'retry'>;

interface Resolving {
  readonly db: Scope['db'];
  readonly run: Run;
  readonly resolution: RunResolution;
}

/**
 * Under the lock of the migration. Where steps outside the transaction are left, to be done or to be taken back, whoever adopts
 * the run does that first. The raised epoch fences whoever may still believe that the run is theirs.
 */
async function resolveRun({ db, organizationUuid }: Scope, run: Run, resolution: RunResolution): Promise<void> {
  const resolving = { db, run, resolution };
  const direction = directionOf(run, resolution.decision);
  if (resolution.decision !== 'retry') {
    await markByHand(resolving, direction);
    await settleDefinitions({ db, organizationUuid }, run, resolution.decision);
  }
  const left = await stepsLeft(resolving, direction);
  const epoch = run.epoch + 1;
  await db.migration.update({ where: { uuid: run.migrationUuid }, data: { epoch }, select: { uuid: true } });
  const isTaken = await (left > 0 ? GO_ON[direction](resolving, left) : end(resolving));
  if (!isTaken) throw runNotInDoubt({ run_uuid: run.uuid });
}

type Direction = 'forward' | 'back';

function directionOf(run: Run, decision: RunResolution['decision']): Direction {
  const isForward = decision === 'commit' || (decision === 'retry' && isDecided(run));
  return isForward ? 'forward' : 'back';
}

/** What could not be done, or taken back, somebody has seen to. */
async function markByHand({ db, run }: Resolving, direction: Direction): Promise<void> {
  const steps = (run.error?.context['steps'] ?? []) as readonly DoubtfulStep[];
  const state = direction === 'forward' ? 'done' : 'left';
  for (const { number } of steps) await endStep(db, run, { number, state });
}

/** The definitions at once, as nobody can tell how long the steps take; the migration once it is over. */
async function settleDefinitions(
  { db, organizationUuid }: Pick<Scope, 'db' | 'organizationUuid'>,
  run: Run,
  decision: Decision,
): Promise<void> {
  const { uuid, kind, migrationUuid } = run;
  const decided = isDecided(run);
  const { definitions } = resolutionOf(kind, decision, decided);
  if (decision === 'abort' && decided) await forgetGates(db, run);
  await moveMembers(db, migrationUuid, { memberships: 'leave', definitions });
  if (decision === 'commit' && !decided) await noteGates(db, { uuid, organizationUuid });
}

/** None of a run that another installation has begun, and may still be at. */
async function stepsLeft({ db, run }: Resolving, direction: Direction): Promise<number> {
  if (isForeign(run)) return 0;
  const steps = await readSteps(db, run.uuid);
  const isLeft = direction === 'forward' ? isLeftToDo : isLeftToUndo;
  return steps.filter(isLeft).length;
}

function isLeftToDo({ phase, state }: OutsideStep): boolean {
  return phase === 'after' && state !== 'done';
}

function isForeign({ error }: Run): boolean {
  const databases = (error?.context['databases'] ?? []) as readonly DoubtfulDatabase[];
  return databases.some(({ ledger }) => ledger === 'not read');
}

const GO_ON = {
  forward: ({ db, run, resolution }: Resolving, steps: number): Promise<boolean> => {
    const epoch = run.epoch + 1;
    const data = { epoch, phase: 'after', steps, resolved: resolution } as const;
    return takeStep(db, { run }, 'resolveToLastSteps', { epoch, set: ERRORS.commit, data });
  },
  back: ({ db, run, resolution }: Resolving): Promise<boolean> => {
    const epoch = run.epoch + 1;
    const set = run.error?.code === 'STEP_COMPENSATION_FAILED' ? FAILURE : ERRORS.abort;
    const outcome = run.cancelledBy === null ? RUN_STEPS.failCompensated.to : RUN_STEPS.cancelCompensated.to;
    const data = { epoch, outcome, reason: resolution.reason, resolved: resolution } as const;
    return takeStep(db, { run }, 'resolveToCompensation', { epoch, set, data });
  },
} as const;

/** @throws TypeError of a retry: a run that is in doubt about steps has some left */
async function end({ db, run, resolution }: Resolving): Promise<boolean> {
  const { decision } = resolution;
  if (decision === 'retry') throw new TypeError('there is no step to try again');
  const { migration, memberships } = resolutionOf(run.kind, decision, isDecided(run));
  if (migration !== 'same')
    await db.migration.update({ where: { uuid: run.migrationUuid }, data: { state: migration } });
  await moveMembers(db, run.migrationUuid, { memberships, definitions: 'leave' });
  const change = { epoch: run.epoch + 1, set: ERRORS[decision], data: { resolved: resolution } };
  return takeStep(db, { run }, ENDS[decision], change);
}

function isDecided({ error }: Run): boolean {
  return error?.context['decided'] === true;
}
