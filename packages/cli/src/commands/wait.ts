import { isSettled, type Connection, type Migration, type Run } from '@eden/client';
import { readMigration, readPlan } from '@eden/reconcile';
import type { Command } from 'commander';
import { parseDuration } from '../durations.js';
import { withExamples } from '../examples.js';
import { CommandError, EXIT, exitCodeOfRun, type ExitCode } from '../exit-codes.js';
import { printItems } from '../render/output.js';
import { migrationView } from '../render/views.js';
import { changeOf, reportRun, sayEnd } from '../report-run.js';
import type { Call, Shell } from '../shell.js';
import { choose } from '../similar.js';
import type { Terminal } from '../terminal.js';
import { Deadline } from '../watch/deadline.js';
import { followRun } from '../watch/follow-run.js';

interface WaitFlags {
  readonly for: string;
  /** In milliseconds. */
  readonly timeout?: number;
}

const CONDITIONS = ['synced', 'completed', 'rolled-back'] as const;
type Condition = (typeof CONDITIONS)[number];

export function addWait(program: Command, shell: Shell): void {
  const command = program
    .command('wait')
    .argument('<what>', 'migration/NAME, or run/UUID')
    .description('wait until a migration is where it should be, or a run has ended')
    .option('--for <condition>', `of a migration: ${CONDITIONS.join(', ')}`, 'completed')
    .option('--timeout <duration>', 'exit code 124 after 30s, 10m, 1h; default: no limit', parseDuration)
    .action(shell.action<WaitFlags>(waitFor));
  withExamples(command, [
    ['eden wait migration/shop --for=completed --timeout 10m', 'before a deployment goes on'],
    ['eden wait run/4d0f…', 'for one run; the exit code is that of the run'],
  ]);
}

async function waitFor(call: Call<WaitFlags>, what = ''): Promise<ExitCode> {
  const { kind, name } = parseSubject(what);
  const deadline = new Deadline(call.options.timeout);
  const condition = choose(call.options.for, CONDITIONS, `--for ${call.options.for} is not known`);
  const { connection } = await call.session();
  if (kind === 'run') {
    const ended = await watch(call, connection, name, deadline);
    reportRun(call, ended);
    return exitCodeOfRun(ended);
  }
  for (;;) {
    const migration = await deadline.bound(name, (signal) => readMigration(connection, name, { signal }));
    const { run } = migration;
    if (run !== null && !isSettled(run)) sayEnd(call, await watch(call, connection, run.uuid, deadline));
    else {
      const code = await deadline.bound(name, (signal) => verdict(call, { connection, signal }, migration, condition));
      if (code !== null) return conclude(call, migration, code);
      await deadline.pause(name, call.surroundings.interrupt);
    }
  }
}

function conclude(call: Call<WaitFlags>, migration: Migration, code: ExitCode): ExitCode {
  if (call.options.output !== undefined) printItems(call, migration, migrationView);
  return code;
}

function parseSubject(what: string): { readonly kind: string; readonly name: string } {
  const [, kind, name] = /^(migration|run)\/(.+)$/.exec(what) ?? [];
  if (kind !== undefined && name !== undefined) return { kind, name };
  throw new CommandError(`"${what}" cannot be waited for`, 'Write migration/NAME or run/UUID.', EXIT.usage);
}

/** Where to ask, and until when. */
interface Asking {
  readonly connection: Connection;
  readonly signal: AbortSignal | null;
}

/** Null: not yet. */
async function verdict(
  { terminal }: Call<WaitFlags>,
  asking: Asking,
  migration: Migration,
  condition: Condition,
): Promise<ExitCode | null> {
  const { id, state, run } = migration;
  if (run?.state === 'in_doubt') return EXIT.inDoubt;
  if (await isMet(asking, migration, condition)) {
    terminal.say(`${id} is ${condition}`);
    return EXIT.done;
  }
  return isLost(migration) ? sayLost(terminal, migration) : null;
}

function sayLost(terminal: Terminal, { id, state, run }: Migration): ExitCode {
  const why = run?.error === undefined ? '' : `: ${run.error.error}`;
  const change = (run === null ? null : changeOf(run)) ?? 'Nothing has changed.';
  terminal.complain(`${id} is ${state}${why}\n${change} "eden status ${id}" says more.`);
  return run !== null && isOver(run) ? exitCodeOfRun(run) : EXIT.refused;
}

async function isMet({ connection, signal }: Asking, { id, state }: Migration, condition: Condition): Promise<boolean> {
  if (condition !== 'synced') return state === STATES[condition];
  return (await readPlan(connection, id, { signal }))?.current === true;
}

/** Nothing that is under way leads there any more. */
function isLost({ state, run }: Migration): boolean {
  return state === 'Failed' || (run !== null && isOver(run));
}

function isOver({ state }: Pick<Run, 'state'>): boolean {
  return state === 'failed' || state === 'cancelled';
}

const STATES: Readonly<Record<Exclude<Condition, 'synced'>, Migration['state']>> = {
  completed: 'Completed',
  'rolled-back': 'Rolled Back',
};

async function watch(call: Call<WaitFlags>, connection: Connection, run: string, deadline: Deadline): Promise<Run> {
  const { terminal, surroundings } = call;
  const timeoutMs = deadline.leftMs();
  const { interrupt } = surroundings;
  return followRun(run, { connection, terminal, interrupt, timeoutMs });
}
