import { isSettled, type Run } from '@eden/client';
import { EXIT, exitCodeOfRun, stepsThatStay, type RunEnd } from './exit-codes.js';
import { describeStoredError } from './render/error.js';
import { print, printNext, showTable } from './render/output.js';
import { describeRun, styleOf } from './render/run.js';
import { runView } from './render/views.js';
import type { Call } from './shell.js';

/** A run that goes on by itself. */
export function reportStarted(call: Call<object>, run: string): void {
  print(call, { run }, { name: `run/${run}`, table: () => call.terminal.data(`run/${run}`) });
}

/** Prints a run where data was asked for, and says how it has ended. */
export function reportRun(call: Call<object>, run: Run): void {
  printRun(call, run);
  sayEnd(call, run);
}

function printRun(call: Call<object>, run: Run): void {
  const table = (): void => showTable(call.terminal, [run], runView);
  if (call.options.output !== undefined) printNext(call, run, { name: runView.name(run), table });
}

/** Says how a run has ended, and why when it has not succeeded; of one that goes on, only where it stands. */
export function sayEnd({ terminal }: Call<object>, run: Run): void {
  const line = terminal.style(styleOf(run.state), describeRun(run), 'stderr');
  if (run.state === 'succeeded' || !isSettled(run)) return terminal.say(line);
  terminal.complain(line);
  if (run.error !== undefined) terminal.complain(describeStoredError(run.error).join('\n'));
  terminal.complain(nextStep(run));
}

/** What somebody has decided of a run in doubt, and what follows from it: no database was asked. */
export function reportResolved(call: Call<object>, run: Run): void {
  printRun(call, run);
  const sentence = RESOLVED[run.state] ?? `It goes on by itself: "eden runs logs -f ${run.uuid}".`;
  call.terminal.say(`${describeRun(run)}\n${sentence}`);
}

const RESOLVED: Readonly<Partial<Record<Run['state'], string>>> = {
  succeeded: 'It counts as done in all databases, as you have decided.',
  failed: 'It counts as done in no database, as you have decided; what they have is as it was.',
  cancelled: 'It counts as done in no database, as you have decided; what they have is as it was.',
};

function nextStep(run: Run): string {
  const { kind, state, migration_id: migration, uuid } = run;
  if (state === 'in_doubt') return 'See docs/how-to/resolve-a-run-in-doubt.md, then "eden migrations resolve".';
  const change = changeOf(run);
  if (change !== null) return `${change} Look at it before you go on; its events: "eden runs logs ${uuid}".`;
  if (state === 'cancelled') return 'Nothing of it has stayed; start it again when you want to.';
  if (kind === 'sync')
    return `It has changed nothing. Mend what is named, then "eden apply" or "eden migrations sync ${migration}" again.`;
  return `It has changed nothing in any database. Mend what is named and try again; its events: "eden runs logs ${uuid}".`;
}

/** What a run that has not succeeded may have left all the same; null: nothing. */
export function changeOf(run: RunEnd): string | null {
  const steps = stepsThatStay(run);
  if (steps.length > 0) return `It has changed something: ${steps.join('; ')} stays, nothing takes it back.`;
  return exitCodeOfRun(run) === EXIT.inDoubt
    ? 'It counts as done in no database, because somebody has decided so.'
    : null;
}
