import type { Run } from '@eden/client';
import { describeStoredError } from './render/error.js';
import { checkFormat, FORMATS, printItems } from './render/output.js';
import { describeRun, styleOf } from './render/run.js';
import { runView } from './render/views.js';
import type { Call } from './shell.js';

/** Says how a run has ended, and why when it has not succeeded. */
export function reportRun({ terminal, options }: Call<object>, run: Run): void {
  if (options.output !== undefined) printItems(terminal, checkFormat(options.output, FORMATS), run, runView);
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
