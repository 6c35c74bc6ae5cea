import { answerOf } from '@eden/client';
import type { Command } from 'commander';
import { parseDuration } from '../durations.js';
import { withExamples } from '../examples.js';
import { EXIT, exitCodeOfRun, type ExitCode } from '../exit-codes.js';
import { readSettings as readPairs } from '../input.js';
import { reportRun } from '../report-run.js';
import { startRun, type RunKind } from '../runs.js';
import type { Call, Shell } from '../shell.js';
import { followRun } from '../watch/follow-run.js';

interface WaitFlags {
  readonly wait?: boolean;
  readonly timeout?: string;
}
interface RunFlags extends WaitFlags {
  readonly set?: string[];
}
interface ResolveFlags {
  readonly decision: string;
  readonly reason: string;
}

/** The verbs of a migration beside those that every noun has. */
export function addMigrationVerbs(program: Command, shell: Shell): void {
  const migrations = program.commands.find((command) => command.name() === 'migrations') as Command;
  addRunVerb(migrations, shell, 'sync', 'check everything and make the plan; changes no database');
  const migrate = addRunVerb(migrations, shell, 'migrate', 'run the plan in all databases, or in none');
  migrate.option('--set <name=value...>', 'other parameters, for this run');
  addRunVerb(migrations, shell, 'rollback', 'undo a completed migration in all databases, or in none');
  addCancel(migrations, shell);
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
    .option('--timeout <duration>', 'wait no longer than this: 30s, 10m, 1h');
}

async function start(call: Call<RunFlags>, migration: string, kind: RunKind): Promise<ExitCode> {
  const { connection } = await call.session();
  const run = await startRun(connection, migration, kind, readPairs(call.options.set ?? []));
  if (call.options.wait !== true) return sayStarted(call, run);
  return watch(call, run);
}

async function watch(call: Call<WaitFlags>, run: string): Promise<ExitCode> {
  const { connection } = await call.session();
  const { terminal, options, surroundings } = call;
  const timeoutMs = options.timeout === undefined ? undefined : parseDuration(options.timeout);
  const ended = await followRun(run, { connection, terminal, interrupt: surroundings.interrupt, timeoutMs });
  reportRun(call, ended);
  return exitCodeOfRun(ended);
}

function sayStarted({ terminal, options }: Call<object>, run: string): ExitCode {
  const text = options.output === 'json' ? JSON.stringify({ run }) : options.output === 'name' ? `run/${run}` : run;
  terminal.data(text);
  terminal.say(`Watch it with "eden runs logs -f ${run}".`);
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
      const code = await watch(call, data.uuid);
      // What was asked for is that it ends cancelled.
      return code === EXIT.refused ? EXIT.done : code;
    }),
  );
  withExamples(command, [['eden migrations cancel shop --wait', 'until all is undone']]);
}

function addResolve(migrations: Command, shell: Shell): void {
  const command = migrations
    .command('resolve')
    .argument('<migration>')
    .description('decide what became of a run in doubt; it changes no database')
    .requiredOption('--decision <commit|abort>', 'commit: it counts as done everywhere; abort: nowhere')
    .requiredOption('--reason <text>', 'for the audit')
    .action(
      shell.action<ResolveFlags>(async (call, migration) => {
        const { connection } = await call.session();
        const { decision, reason } = call.options;
        const params = { path: { migration: migration as string } };
        const body = { decision, reason } as never;
        const answer = await answerOf(connection.POST('/api/v1/migrations/{migration}/resolve', { params, body }));
        reportRun(call, answer.data);
      }),
    );
  withExamples(command, [
    [
      'eden migrations resolve shop --decision commit --reason "orders done by hand"',
      'see docs/how-to/resolve-a-run-in-doubt.md',
    ],
  ]);
}
