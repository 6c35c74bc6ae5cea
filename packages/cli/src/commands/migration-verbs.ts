import { answerOf, isSettled } from '@eden/client';
import { startRun, type RunKind } from '@eden/reconcile';
import type { Command } from 'commander';
import { withExamples } from '../examples.js';
import { EXIT, exitCodeOfRun, stepsThatStay, type ExitCode, type RunEnd } from '../exit-codes.js';
import { readSettings as readPairs } from '../input.js';
import { reportResolved, reportRun, reportStarted } from '../report-run.js';
import type { Call, Shell } from '../shell.js';
import { followRun } from '../watch/follow-run.js';
import { addApproveVerb } from './approve.js';
import { deadlineOf, withWaiting, type WaitFlags } from './waiting.js';

interface RunFlags extends WaitFlags {
  readonly set?: string[];
  readonly rehearse?: boolean;
}
interface ResolveFlags extends WaitFlags {
  readonly decision: 'commit' | 'abort' | 'retry';
  readonly reason: string;
}

/** The verbs of a migration beside those that every noun has. */
export function addMigrationVerbs(program: Command, shell: Shell): void {
  const migrations = program.commands.find((command) => command.name() === 'migrations') as Command;
  const sync = addRunVerb(migrations, shell, 'sync', 'check everything and make the plan; changes no database');
  sync.option('--rehearse', 'also run everything, gates closed as in a migrate, and take it back; sequences advance');
  const migrate = addRunVerb(migrations, shell, 'migrate', 'run the plan in all databases, or in none');
  migrate.option('--set <name=value...>', 'other parameters, for this run');
  addRunVerb(migrations, shell, 'rollback', 'undo a completed migration in all databases, or in none');
  addApproveVerb(migrations, shell);
  addCancel(migrations, shell);
  addPause(migrations, shell);
  addResume(migrations, shell);
  addResolve(migrations, shell);
}

function addRunVerb(migrations: Command, shell: Shell, kind: RunKind, what: string): Command {
  const command = withWaiting(migrations.command(kind).argument('<migration>').description(what));
  command.action(shell.action<RunFlags>((call, migration) => start(call, migration as string, kind)));
  return withExamples(command, [
    [`eden migrations ${kind} shop --wait`, 'and watch it to its end'],
    [`eden migrations ${kind} shop --wait --timeout 10m`, 'exit code 124 when that was too short'],
    [`eden migrations ${kind} shop -o name`, 'prints run/<uuid>'],
  ]);
}

async function start(call: Call<RunFlags>, migration: string, kind: RunKind): Promise<ExitCode> {
  const { connection } = await call.session();
  const run = await startRun(connection, migration, kind, {
    overrides: readPairs(call.options.set ?? []),
    rehearse: call.options.rehearse === true,
  });
  if (call.options.wait !== true) return sayStarted(call, run);
  return watch(call, run);
}

async function watch(
  call: Call<WaitFlags>,
  run: string,
  codeOf = exitCodeOfRun,
  timeoutMs = call.options.timeout,
): Promise<ExitCode> {
  const { connection } = await call.session();
  const { interrupt } = call.surroundings;
  const ended = await followRun(run, { connection, terminal: call.terminal, interrupt, timeoutMs });
  reportRun(call, ended);
  return codeOf(ended);
}

/** What was asked for is that it ends cancelled: not that it fails by itself, and not that it commits all the same. */
function exitCodeOfCancelled(run: RunEnd): ExitCode {
  if (run.state === 'cancelled' && stepsThatStay(run).length === 0) return EXIT.done;
  return run.state === 'succeeded' ? EXIT.refused : exitCodeOfRun(run);
}

/** Whoever decides that it counts as done nowhere has asked for its failure; what stays of its steps, for nothing. */
function exitCodeOfResolved(decision: ResolveFlags['decision'], run: RunEnd): ExitCode {
  const isUndone = run.state === 'failed' || run.state === 'cancelled';
  return decision === 'abort' && isUndone && stepsThatStay(run).length === 0 ? EXIT.done : exitCodeOfRun(run);
}

function sayStarted(call: Call<object>, run: string): ExitCode {
  reportStarted(call, run);
  call.terminal.say(`Watch it with "eden runs logs -f ${run}".`);
  return EXIT.done;
}

function addCancel(migrations: Command, shell: Shell): void {
  const command = withWaiting(
    migrations
      .command('cancel')
      .argument('<migration>')
      .description('end the run of a migration before its commit point; nothing of it stays'),
  );
  command.action(
    shell.action<WaitFlags>(async (call, migration) => {
      const { connection } = await call.session();
      const params = { path: { migration: migration as string }, header: { Prefer: 'respond-async' } };
      const { data } = await answerOf(connection.POST('/api/v1/migrations/{migration}/cancel', { params, body: {} }));
      if (call.options.wait !== true) return sayStarted(call, data.uuid);
      return watch(call, data.uuid, exitCodeOfCancelled);
    }),
  );
  withExamples(command, [['eden migrations cancel shop --wait', 'until all is undone']]);
}

function addPause(migrations: Command, shell: Shell): void {
  const command = withWaiting(
    migrations
      .command('pause')
      .argument('<migration>')
      .description('stop the run of a migration between its batches, or before its atomic part'),
    'stay until it is paused, which it is with the answer',
  );
  command.action(shell.action<WaitFlags>((call, migration) => pause(call, migration as string)));
  withExamples(command, [
    ['eden migrations pause shop', 'what is committed stays; nobody works on it'],
    ['eden migrations pause shop --wait --timeout 1m', 'exit code 124 when nothing has answered by then'],
  ]);
}

/** The service answers with the run paused, or refuses: there is nothing to wait for but the answer. */
async function pause(call: Call<WaitFlags>, migration: string): Promise<ExitCode> {
  const { connection } = await call.session();
  const params = { path: { migration } };
  const { data: run } = await deadlineOf(call).bound(`The pause of ${migration}`, (signal) =>
    answerOf(connection.POST('/api/v1/migrations/{migration}/pause', { params, body: {}, signal })),
  );
  reportRun(call, run);
  call.terminal.say(`Let it go on with "eden migrations resume ${migration}".`);
  return EXIT.done;
}

function addResume(migrations: Command, shell: Shell): void {
  const command = withWaiting(
    migrations
      .command('resume')
      .argument('<migration>')
      .description('let the paused run of a migration go on from where it stands'),
  );
  command.action(
    shell.action<WaitFlags>(async (call, migration) => {
      const { connection } = await call.session();
      const params = { path: { migration: migration as string } };
      const { data } = await answerOf(connection.POST('/api/v1/migrations/{migration}/resume', { params, body: {} }));
      if (call.options.wait !== true) return sayStarted(call, data.uuid);
      return watch(call, data.uuid);
    }),
  );
  withExamples(command, [['eden migrations resume shop --wait', 'and watch it to its end']]);
}

function addResolve(migrations: Command, shell: Shell): void {
  const command = withWaiting(
    migrations
      .command('resolve')
      .argument('<migration>')
      .description('decide what became of a run in doubt, or have its steps tried again')
      .requiredOption(
        '--decision <commit|abort|retry>',
        'commit: it counts as done everywhere; abort: nowhere; retry: its steps',
      )
      .requiredOption('--reason <text>', 'for the audit'),
  );
  command.action(shell.action<ResolveFlags>((call, migration) => resolve(call, migration as string)));
  withExamples(command, [
    [
      'eden migrations resolve shop --decision commit --reason "orders done by hand"',
      'see docs/how-to/resolve-a-run-in-doubt.md',
    ],
    ['eden migrations resolve shop --decision retry --reason "duplicates deleted" --wait', 'a step that kept failing'],
  ]);
}

async function resolve(call: Call<ResolveFlags>, migration: string): Promise<ExitCode> {
  const { connection } = await call.session();
  const { decision, reason, wait } = call.options;
  const deadline = deadlineOf(call);
  const params = { path: { migration } };
  const body = { decision, reason } as never;
  const { data: run } = await deadline.bound(`The decision on ${migration}`, (signal) =>
    answerOf(connection.POST('/api/v1/migrations/{migration}/resolve', { params, body, signal })),
  );
  const codeOf = (end: RunEnd): ExitCode => exitCodeOfResolved(decision, end);
  if (wait === true && !isSettled(run)) return watch(call, run.uuid, codeOf, deadline.leftMs());
  reportResolved(call, run);
  return wait === true ? codeOf(run) : EXIT.done;
}
