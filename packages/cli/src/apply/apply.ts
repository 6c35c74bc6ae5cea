import type { Connection, Run } from '@eden/client';
import {
  act,
  decideDefinitions,
  decideRelease,
  deleteSource,
  describeAction,
  hasSteps,
  listSources,
  needsOutlook,
  NOTHING_SEEN,
  putSource,
  reachEndpoints,
  readActual,
  readMigration,
  readPlan,
  startRun,
  type Action,
  type Actual,
  type Desired,
  type Outlook,
  type ReleaseDecision,
} from '@eden/reconcile';
import { CommandError, EXIT, exitCodeOf, exitCodeOfRun, type ExitCode } from '../exit-codes.js';
import { describeError } from '../render/error.js';
import { renderPlan } from '../render/plan.js';
import { requestPlan } from '../sources/request-plan.js';
import type { Terminal } from '../terminal.js';

export interface Application {
  readonly connection: Connection;
  readonly terminal: Terminal;
  readonly desired: Desired;
  /** Whether to stay until the migrate has ended. */
  readonly wait: boolean;
  /** Whether the sync also runs everything, and takes it back. */
  readonly rehearse: boolean;
  /** Asked before an address changes, and before anything is migrated. */
  readonly approve: (question: string) => Promise<boolean>;
  /** Waits until somebody has approved the plan of the release. */
  readonly awaitApproval: (release: string) => Promise<unknown>;
  /** Watches a run to its end. */
  readonly follow: (run: string) => Promise<Run>;
  readonly report: (run: Run) => void;
  /** Told of a migrate that nobody stays for. */
  readonly reportStarted: (run: string) => void;
}

/** Each round looks again; somebody else may be applying the same file. */
const MOST_ROUNDS = 5;

const EARLIER_PARTS_STAY = 'The parts before it are committed, and stay.';

/** How a release has ended, and whether the next one has a further part of the same files to run. */
interface Outcome {
  readonly code: ExitCode;
  readonly hasMore?: boolean;
}

/**
 * Brings the service to what the file says, one step after the other, and migrates what has not run. Whatever it was
 * stopped at, called again it goes on from there. Where files cannot commit together, it goes through the parts of the plan, a
 * release for each.
 * @throws CommandError, ApiError, UnreachableError
 */
export async function apply(application: Application): Promise<ExitCode> {
  const first = await applyRelease(application);
  return first.hasMore === true ? applyLaterParts(application) : first.code;
}

/** What ends one of these changes nothing, but the parts before it stay. */
async function applyLaterParts(application: Application): Promise<ExitCode> {
  try {
    let outcome = await applyRelease(application);
    while (outcome.hasMore === true) outcome = await applyRelease(application);
    if (outcome.code !== EXIT.refused) return outcome.code;
    application.terminal.complain(EARLIER_PARTS_STAY);
    return EXIT.inDoubt;
  } catch (error) {
    throw exitCodeOf(error) === EXIT.refused ? behindEarlierParts(error) : error;
  }
}

function behindEarlierParts(error: unknown): CommandError {
  const lines = describeError(error);
  return new CommandError([...lines.slice(0, -1), EARLIER_PARTS_STAY].join('\n'), lines.at(-1) ?? '', EXIT.inDoubt);
}

async function applyRelease(application: Application): Promise<Outcome> {
  for (let round = 1; round <= MOST_ROUNDS; round += 1) {
    const decision = await settle(application);
    if (decision === null) continue;
    if (decision.kind === 'nothing') return { code: sayNothing(application, decision.release) };
    if (decision.kind === 'migrate') return migrate(application, decision.release);
    const code = await watch(application, decision);
    if (code !== null) return { code };
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

function actionsOf(decision: ReleaseDecision): readonly Action[] {
  return decision.kind === 'migrate' ? decision.actions : [];
}

async function lookAhead({ connection, desired }: Application, actual: Actual): Promise<Outlook> {
  if (!needsOutlook(desired, actual)) return NOTHING_SEEN;
  await reachEndpoints(connection, desired.endpoints);
  const { sources, parameters, options } = desired;
  return { hasPendingFiles: hasSteps(await requestPlan(connection, { sources, parameters, options })) };
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
    terminal.say(
      `  source ${source.id}: ${source.path}, ${source.files.length} ${source.files.length === 1 ? 'file' : 'files'}`,
    );
    await putSource(connection, release, source);
  }
}

async function approveAddresses({ approve }: Application, actions: readonly Action[]): Promise<void> {
  const moved = actions.filter((action) => action.do === 'update endpoint' && action.address !== null);
  if (moved.length === 0) return;
  const names = moved.map((action) => (action.do === 'update endpoint' ? action.endpoint.id : '')).join(', ');
  if (await approve(`Let ${names} lead to another database?`)) return;
  throw new CommandError(
    'No address has changed',
    'Put the old address back into the file, or say --yes.',
    EXIT.refused,
  );
}

function sayNothing({ terminal }: Application, release: string): ExitCode {
  terminal.say(`Nothing to do: ${release} is completed, and nothing has come since.`);
  return EXIT.done;
}

/** A run that is under way, of this program before it was stopped or of somebody else. Null: look again. */
async function watch(
  application: Application,
  { release, run }: Extract<ReleaseDecision, { kind: 'watch' }>,
): Promise<ExitCode | null> {
  const { terminal, follow, report } = application;
  if (run.state === 'in_doubt') {
    report(run);
    return exitCodeOfRun(run);
  }
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
  const code = exitCodeOfRun(ended);
  // A migrate that came before the approval has only come too early.
  if (code === EXIT.done || code === EXIT.awaitsApproval) return null;
  report(ended);
  return code;
}

async function migrate(application: Application, release: string): Promise<Outcome> {
  const { connection, terminal, desired, rehearse, follow, report } = application;
  await reachEndpoints(connection, desired.endpoints);
  await sendSources(application, release);
  if (rehearse) await approveRehearsal(application, release);
  terminal.say(`${release}: sync${rehearse ? ' and rehearsal' : ''}`);
  const synced = await follow(await startRun(connection, release, 'sync', { rehearse }));
  if (synced.state !== 'succeeded') {
    report(synced);
    return { code: exitCodeOfRun(synced) };
  }
  const plan = await readPlan(connection, release);
  if (plan !== null) terminal.say(`\n${renderPlan(terminal, release, plan)}\n`);
  if (plan !== null && !hasSteps(plan) && !desired.apis.some(({ next }) => next !== undefined)) {
    return { code: sayNothingToRun(terminal, release) };
  }
  return runPlan(application, release, plan?.later_parts.length ?? 0);
}

async function runPlan(application: Application, release: string, laterParts: number): Promise<Outcome> {
  const { connection, terminal, approve, follow, report } = application;
  if (!(await isApproved(application, release))) return { code: EXIT.awaitsApproval };
  if (!(await approve(`Migrate ${release}?`))) {
    throw new CommandError(
      `${release} is not migrated, and has changed nothing in any database`,
      'Run it again when you want to.',
      EXIT.refused,
    );
  }
  const run = await startRun(connection, release, 'migrate');
  terminal.say(`${release}: migrate (run ${run})`);
  if (!application.wait) {
    application.reportStarted(run);
    terminal.say(`It goes on by itself: "eden status ${release} --watch".`);
    if (laterParts > 0) terminal.say(`Once it is completed, "eden apply" runs the next part.`);
    return { code: EXIT.done };
  }
  const ended = await follow(run);
  report(ended);
  const code = exitCodeOfRun(ended);
  if (code !== EXIT.done || laterParts === 0) return { code };
  const left = laterParts === 1 ? 'one part is' : `${laterParts} parts are`;
  terminal.say(`${release} is completed, and ${left} left.`);
  return { code, hasMore: true };
}

/** It disturbs as the migrate does, for as long as that. */
async function approveRehearsal({ terminal, approve }: Application, release: string): Promise<void> {
  terminal.say(
    'A rehearsal runs everything and takes it back. Meanwhile executions of the APIs wait, tables are locked as in the migrate, and sequences advance for good.',
  );
  if (await approve(`Rehearse ${release}?`)) return;
  throw new CommandError(
    `${release} is not rehearsed, and has changed nothing`,
    'Run it again without --rehearse.',
    EXIT.refused,
  );
}

/** False: it waits for somebody else, and this does not. */
async function isApproved(
  { connection, terminal, wait, awaitApproval }: Application,
  release: string,
): Promise<boolean> {
  const { options, approval } = await readMigration(connection, release);
  if (options.approval !== true || approval !== null) return true;
  terminal.say(`${release} waits for somebody else to approve its plan: "eden approve ${release}".`);
  if (!wait) {
    terminal.say('Then run this again.');
    return false;
  }
  await awaitApproval(release);
  return true;
}

function sayNothingToRun(terminal: Terminal, release: string): ExitCode {
  terminal.say(`Nothing to do: ${release} has nothing to run.`);
  return EXIT.done;
}
