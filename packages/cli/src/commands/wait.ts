import { isSettled, type Connection, type Migration } from '@eden/client';
import { setTimeout as delay } from 'node:timers/promises';
import type { Command } from 'commander';
import { parseDuration } from '../durations.js';
import { withExamples } from '../examples.js';
import { CommandError, EXIT, exitCodeOfRun, type ExitCode } from '../exit-codes.js';
import { reportRun } from '../report-run.js';
import { readMigration, readPlan } from '../runs.js';
import type { Call, Shell } from '../shell.js';
import { closest } from '../similar.js';
import { followRun } from '../watch/follow-run.js';

interface WaitFlags {
  readonly for: string;
  readonly timeout?: string;
}

const CONDITIONS = ['synced', 'completed', 'rolled-back'] as const;
type Condition = (typeof CONDITIONS)[number];
const POLL_MS = 1_000;

export function addWait(program: Command, shell: Shell): void {
  const command = program
    .command('wait')
    .argument('<what>', 'migration/NAME, or run/UUID')
    .description('wait until a migration is where it should be, or a run has ended')
    .option('--for <condition>', `of a migration: ${CONDITIONS.join(', ')}`, 'completed')
    .option('--timeout <duration>', 'exit code 124 after 30s, 10m, 1h; default: no limit')
    .action(shell.action<WaitFlags>(waitFor));
  withExamples(command, [
    ['eden wait migration/shop --for=completed --timeout 10m', 'before a deployment goes on'],
    ['eden wait run/4d0f…', 'for one run; the exit code is that of the run'],
  ]);
}

async function waitFor(call: Call<WaitFlags>, what = ''): Promise<ExitCode> {
  const { kind, name } = parseSubject(what);
  const deadline = new Deadline(call.options.timeout);
  const condition = checkCondition(call.options.for);
  const { connection } = await call.session();
  if (kind === 'run') return watch(call, connection, name, deadline);
  for (;;) {
    const migration = await readMigration(connection, name);
    const { run } = migration;
    if (run !== null && !isSettled(run)) await watch(call, connection, run.uuid, deadline);
    else {
      const code = await verdict(call, connection, migration, condition);
      if (code !== null) return code;
      await deadline.pause(name, call.surroundings.interrupt);
    }
  }
}

function parseSubject(what: string): { readonly kind: string; readonly name: string } {
  const [, kind, name] = /^(migration|run)\/(.+)$/.exec(what) ?? [];
  if (kind !== undefined && name !== undefined) return { kind, name };
  throw new CommandError(`"${what}" cannot be waited for`, 'Write migration/NAME or run/UUID.', EXIT.usage);
}

function checkCondition(text: string): Condition {
  const condition = CONDITIONS.find((each) => each === text);
  if (condition !== undefined) return condition;
  const meant = closest(text, CONDITIONS);
  const next = `Take one of ${CONDITIONS.join(', ')}${meant === null ? '' : `; did you mean ${meant}?`}`;
  throw new CommandError(`--for ${text} is not known`, next, EXIT.usage);
}

/** Null: not yet. */
async function verdict(
  { terminal }: Call<WaitFlags>,
  connection: Connection,
  migration: Migration,
  condition: Condition,
): Promise<ExitCode | null> {
  const { id, state, run } = migration;
  if (run?.state === 'in_doubt') return EXIT.inDoubt;
  if (await isMet(connection, migration, condition)) {
    terminal.say(`${id} is ${condition}`);
    return EXIT.done;
  }
  if (!isLost(migration)) return null;
  const why = run?.error === undefined ? '' : `: ${run.error.error}`;
  terminal.complain(`${id} is ${state}${why}\nNothing has changed. "eden status ${id}" says more.`);
  return EXIT.refused;
}

async function isMet(connection: Connection, { id, state }: Migration, condition: Condition): Promise<boolean> {
  if (condition !== 'synced') return state === STATES[condition];
  return (await readPlan(connection, id))?.current === true;
}

/** Nothing that is under way leads there any more. */
function isLost({ state, run }: Migration): boolean {
  return state === 'Failed' || run?.state === 'failed' || run?.state === 'cancelled';
}

const STATES: Readonly<Record<Exclude<Condition, 'synced'>, Migration['state']>> = {
  completed: 'Completed',
  'rolled-back': 'Rolled Back',
};

async function watch(
  call: Call<WaitFlags>,
  connection: Connection,
  run: string,
  deadline: Deadline,
): Promise<ExitCode> {
  const { terminal, surroundings } = call;
  const timeoutMs = deadline.leftMs();
  const { interrupt } = surroundings;
  const ended = await followRun(run, { connection, terminal, interrupt, timeoutMs });
  reportRun(call, ended);
  return exitCodeOfRun(ended);
}

class Deadline {
  private readonly timeoutMs: number | undefined;
  private readonly at: number;

  constructor(timeout: string | undefined) {
    this.timeoutMs = timeout === undefined ? undefined : parseDuration(timeout);
    this.at = Date.now() + (this.timeoutMs ?? 0);
  }

  leftMs(): number | undefined {
    return this.timeoutMs === undefined ? undefined : Math.max(1, this.at - Date.now());
  }

  /** @throws CommandError when the time is over, or on Ctrl-C */
  async pause(what: string, interrupt: AbortSignal): Promise<void> {
    const left = this.leftMs();
    if (left !== undefined && left <= 1) {
      throw new CommandError(`${what} is not there yet`, 'Wait longer, or see "eden status".', EXIT.timeout);
    }
    try {
      await delay(Math.min(POLL_MS, left ?? POLL_MS), undefined, { signal: interrupt });
    } catch {
      throw new CommandError('Stopped waiting', 'What was waited for goes on.', EXIT.interrupted);
    }
  }
}
