import type { Command } from 'commander';
import { candidatesFor } from '../completion/candidates.js';
import { SCRIPTS, type ShellName } from '../completion/scripts.js';
import { withExamples } from '../examples.js';
import { CommandError, EXIT } from '../exit-codes.js';
import type { Shell } from '../shell.js';
import { closest } from '../similar.js';

export function addCompletion(program: Command, shell: Shell): void {
  const command = program
    .command('completion')
    .argument('<bash|zsh|fish>')
    .description('print the script that completes commands and options')
    .action(
      shell.action(async ({ terminal }, name) => {
        terminal.data(SCRIPTS[checkShell(name ?? '')]);
      }),
    );
  withExamples(command, [
    ['eden completion bash > ~/.local/share/bash-completion/completions/eden', 'bash'],
    ['eden completion zsh > "${fpath[1]}/_eden"', 'zsh'],
    ['eden completion fish > ~/.config/fish/completions/eden.fish', 'fish'],
  ]);
  addAnswers(program, shell);
}

/** What the scripts call: the words of the line so far, the last of them unfinished. */
function addAnswers(program: Command, shell: Shell): void {
  program
    .command('__complete', { hidden: true })
    .argument('[words...]')
    .allowUnknownOption()
    .action(
      shell.action(async ({ terminal }, words) => {
        const candidates = candidatesFor(program, (words ?? []) as unknown as string[]);
        if (candidates.length > 0) terminal.data(candidates.join('\n'));
      }),
    );
}

function checkShell(name: string): ShellName {
  if (name in SCRIPTS) return name as ShellName;
  const known = Object.keys(SCRIPTS);
  const meant = closest(name, known);
  const next = `Take one of ${known.join(', ')}${meant === null ? '' : `; did you mean ${meant}?`}`;
  throw new CommandError(`There is no completion for "${name}"`, next, EXIT.usage);
}
