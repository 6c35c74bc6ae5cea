import type { Run } from '@eden/client';
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
  const table = (): void => showTable(call.terminal, [run], runView);
  if (call.options.output !== undefined) printNext(call, run, { name: runView.name(run), table });
  sayEnd(call, run);
}

/** Says how a run has ended, and why when it has not succeeded. */
export function sayEnd({ terminal }: Call<object>, run: Run): void {
  const line = terminal.style(styleOf(run.state), describeRun(run), 'stderr');
  if (run.state === 'succeeded') return terminal.say(line);
  terminal.complain(line);
  if (run.error !== undefined) terminal.complain(describeStoredError(run.error).join('\n'));
  terminal.complain(nextStep(run));
}

function nextStep({ kind, state, migration_id: migration, uuid }: Run): string {
  if (state === 'in_doubt') return 'See docs/how-to/resolve-a-run-in-doubt.md, then "eden migrations resolve".';
  if (state === 'cancelled') return 'Nothing of it has stayed; start it again when you want to.';
  if (kind === 'sync')
    return `Nothing has changed. Mend what is named, then "eden apply" or "eden migrations sync ${migration}" again.`;
  return `Nothing has changed in any database. Mend what is named and try again; its events: "eden runs logs ${uuid}".`;
}
