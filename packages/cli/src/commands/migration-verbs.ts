import { answerOf } from '@eden/client';
import { startRun, type RunKind } from '@eden/reconcile';
import type { Command } from 'commander';
import { parseDuration } from '../durations.js';
import { withExamples } from '../examples.js';
import { EXIT, exitCodeOfRun, stepsThatStay, type ExitCode, type RunEnd } from '../exit-codes.js';
import { readSettings as readPairs } from '../input.js';
import { reportResolved, reportRun, reportStarted } from '../report-run.js';
import type { Call, Shell } from '../shell.js';
import { followRun } from '../watch/follow-run.js';
import { addApproveVerb } from './approve.js';

interface WaitFlags {
  readonly wait?: boolean;
  /** In milliseconds. */
  readonly timeout?: number;
}
interface RunFlags extends WaitFlags {
  readonly set?: string[];
  readonly rehearse?: boolean;
}
interface ResolveFlags {
  readonly decision: string;
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

function withWaiting(command: Command): Command {
  return command
    .option('--wait', 'watch the run until it has ended')
    .option('--timeout <duration>', 'wait no longer than this: 30s, 10m, 1h', parseDuration);
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

async function watch(call: Call<WaitFlags>, run: string, codeOf = exitCodeOfRun): Promise<ExitCode> {
  const { connection } = await call.session();
  const { terminal, options, surroundings } = call;
  const { interrupt } = surroundings;
  const ended = await followRun(run, { connection, terminal, interrupt, timeoutMs: options.timeout });
  reportRun(call, ended);
  return codeOf(ended);
}

/** What was asked for is that it ends cancelled: not that it fails by itself, and not that it commits all the same. */
function exitCodeOfCancelled(run: RunEnd): ExitCode {
  if (run.state === 'cancelled' && stepsThatStay(run).length === 0) return EXIT.done;
  return run.state === 'succeeded' ? EXIT.refused : exitCodeOfRun(run);
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
  const command = migrations
    .command('pause')
    .argument('<migration>')
    .description('stop the run of a migration between its batches, or before its atomic part');
  command.action(
    shell.action<object>(async (call, migration) => {
      const { connection } = await call.session();
      const params = { path: { migration: migration as string } };
      const { data } = await answerOf(connection.POST('/api/v1/migrations/{migration}/pause', { params, body: {} }));
      reportRun(call, data);
      call.terminal.say(`Let it go on with "eden migrations resume ${migration as string}".`);
      return EXIT.done;
    }),
  );
  withExamples(command, [['eden migrations pause shop', 'what is committed stays; nobody works on it']]);
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
  const command = migrations
    .command('resolve')
    .argument('<migration>')
    .description('decide what became of a run in doubt, or have its steps tried again')
    .requiredOption(
      '--decision <commit|abort|retry>',
      'commit: it counts as done everywhere; abort: nowhere; retry: its steps',
    )
    .requiredOption('--reason <text>', 'for the audit')
    .action(
      shell.action<ResolveFlags>(async (call, migration) => {
        const { connection } = await call.session();
        const { decision, reason } = call.options;
        const params = { path: { migration: migration as string } };
        const body = { decision, reason } as never;
        const answer = await answerOf(connection.POST('/api/v1/migrations/{migration}/resolve', { params, body }));
        reportResolved(call, answer.data);
      }),
    );
  withExamples(command, [
    [
      'eden migrations resolve shop --decision commit --reason "orders done by hand"',
      'see docs/how-to/resolve-a-run-in-doubt.md',
    ],
    ['eden migrations resolve shop --decision retry --reason "duplicates deleted"', 'a step that kept failing'],
  ]);
}
