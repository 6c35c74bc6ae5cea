import type { Connection, Run } from '@eden/client';
import { CommandError, EXIT, exitCodeOfRun, type ExitCode } from '../exit-codes.js';
import { renderPlan } from '../render/plan.js';
import { act } from '../reconcile/act.js';
import { describeAction, type Action } from '../reconcile/actions.js';
import { decideDefinitions } from '../reconcile/decide-definitions.js';
import { decideRelease, needsOutlook, type Outlook, type ReleaseDecision } from '../reconcile/decide-release.js';
import { readActual } from '../reconcile/read-actual.js';
import type { Actual, Desired } from '../reconcile/state.js';
import { readPlan, startRun } from '../runs.js';
import { deleteSource, hasSteps, listSources, planSources, putSource } from '../sources/source-routes.js';
import type { Terminal } from '../terminal.js';
import { reachEndpoints } from './reach-endpoints.js';

export interface Application {
  readonly connection: Connection;
  readonly terminal: Terminal;
  readonly desired: Desired;
  /** Whether to stay until the migrate has ended. */
  readonly wait: boolean;
  /** Asked before an address changes, and before anything is migrated. */
  readonly approve: (question: string) => Promise<boolean>;
  /** Watches a run to its end. */
  readonly follow: (run: string) => Promise<Run>;
  readonly report: (run: Run) => void;
}

/** Each round looks again; somebody else may be applying the same file. */
const MOST_ROUNDS = 5;

/**
 * Brings the service to what the file says, one step after the other, and migrates what has not run. Whatever it was
 * stopped at, called again it goes on from there.
 * @throws CommandError, ApiError, UnreachableError
 */
export async function apply(application: Application): Promise<ExitCode> {
  for (let round = 1; round <= MOST_ROUNDS; round += 1) {
    const decision = await settle(application);
    if (decision === null) continue;
    if (decision.kind === 'nothing') return sayNothing(application, decision.release);
    if (decision.kind === 'migrate') return migrate(application, decision.release);
    const code = await watch(application, decision);
    if (code !== null) return code;
  }
  const next = 'See that nobody else applies this file at the same time, then run it again.';
  throw new CommandError('The service does not come to rest: it is other than the file again and again', next);
}

/** One look and what follows from it; null when something was changed, so that the next look comes first. */
async function settle(application: Application): Promise<ReleaseDecision | null> {
  const { connection, desired, terminal } = application;
  const actual = await readActual(connection, desired);
  const definitions = decideDefinitions(desired, actual);
  // Sources are looked at through their endpoints, so those come first.
  const outlook = definitions.length === 0 ? await lookAhead(application, actual) : NOTHING_SEEN;
  const decision = decideRelease(desired, actual, outlook);
  if (decision.kind === 'watch') return decision;
  const actions = definitions.length > 0 ? definitions : actionsOf(decision);
  if (actions.length === 0) return decision;
  for (const action of actions) terminal.say(`  ${describeAction(action)}`);
  await approveAddresses(application, actions);
  for (const action of actions) await act(connection, action);
  return null;
}

const NOTHING_SEEN: Outlook = { hasPendingFiles: false };

function actionsOf(decision: ReleaseDecision): readonly Action[] {
  return decision.kind === 'migrate' ? decision.actions : [];
}

async function lookAhead({ connection, desired }: Application, actual: Actual): Promise<Outlook> {
  if (!needsOutlook(desired, actual)) return NOTHING_SEEN;
  await reachEndpoints(connection, desired.endpoints);
  return { hasPendingFiles: hasSteps(await planSources(connection, desired.sources)) };
}

/** The release has the folders of the file, and no others. */
async function sendSources({ connection, terminal, desired }: Application, release: string): Promise<void> {
  const wanted = new Set(desired.sources.map(({ id }) => id));
  const known = await listSources(connection, release);
  for (const { id } of known.filter((source) => !wanted.has(source.id))) {
    terminal.say(`  - source ${id} of migration ${release}`);
    await deleteSource(connection, release, id);
  }
  for (const source of desired.sources) {
    terminal.say(`  source ${source.id}: ${source.path}, ${source.files.length} files`);
    await putSource(connection, release, source);
  }
}

async function approveAddresses({ approve }: Application, actions: readonly Action[]): Promise<void> {
  const moved = actions.filter((action) => action.do === 'update endpoint' && action.address !== null);
  if (moved.length === 0) return;
  const names = moved.map((action) => (action.do === 'update endpoint' ? action.endpoint.id : '')).join(', ');
  if (await approve(`Let ${names} lead to another database?`)) return;
  throw new CommandError('Nothing has changed', 'Put the old address back into the file, or say --yes.', EXIT.refused);
}

function sayNothing({ terminal, desired }: Application, release: string): ExitCode {
  terminal.say(`Nothing to do: ${release} is completed, and ${desired.line} has nothing new.`);
  return EXIT.done;
}

/** A run that is under way, of this program before it was stopped or of somebody else. Null: look again. */
async function watch(
  application: Application,
  { release, run }: Extract<ReleaseDecision, { kind: 'watch' }>,
): Promise<ExitCode | null> {
  const { terminal, follow, report } = application;
  if (run.kind === 'rollback') {
    throw new CommandError(
      `${release} is being rolled back`,
      `Wait for "eden wait run/${run.uuid}", then run this again.`,
      EXIT.refused,
    );
  }
  terminal.say(`${release}: ${run.kind} is under way already (run ${run.uuid})`);
  if (run.kind === 'migrate' && !application.wait) return EXIT.done;
  const ended = await follow(run.uuid);
  if (ended.state === 'succeeded') return null;
  report(ended);
  return exitCodeOfRun(ended);
}

async function migrate(application: Application, release: string): Promise<ExitCode> {
  const { connection, terminal, desired, approve, follow, report } = application;
  await reachEndpoints(connection, desired.endpoints);
  await sendSources(application, release);
  terminal.say(`${release}: sync`);
  const synced = await follow(await startRun(connection, release, 'sync'));
  if (synced.state !== 'succeeded') {
    report(synced);
    return exitCodeOfRun(synced);
  }
  const plan = await readPlan(connection, release);
  if (plan !== null) terminal.say(`\n${renderPlan(terminal, release, plan)}\n`);
  if (plan !== null && !hasSteps(plan) && !desired.apis.some(({ next }) => next !== undefined)) {
    return sayNothingToRun(terminal, release);
  }
  if (!(await approve(`Migrate ${release}?`))) {
    throw new CommandError(
      'Not migrated: nothing has changed in any database',
      'Run it again when you want to.',
      EXIT.refused,
    );
  }
  const run = await startRun(connection, release, 'migrate');
  terminal.say(`${release}: migrate (run ${run})`);
  if (!application.wait) {
    terminal.data(`run/${run}`);
    terminal.say(`It goes on by itself: "eden status ${release} --watch".`);
    return EXIT.done;
  }
  const ended = await follow(run);
  report(ended);
  return exitCodeOfRun(ended);
}

function sayNothingToRun(terminal: Terminal, release: string): ExitCode {
  terminal.say(`Nothing to do: ${release} has nothing to run.`);
  return EXIT.done;
}
