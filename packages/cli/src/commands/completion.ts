import type { Command } from 'commander';
import { candidatesFor } from '../completion/candidates.js';
import { SCRIPTS, type ShellName } from '../completion/scripts.js';
import { withExamples } from '../examples.js';
import { print } from '../render/output.js';
import type { Shell } from '../shell.js';
import { choose } from '../similar.js';

export function addCompletion(program: Command, shell: Shell): void {
  const command = program
    .command('completion')
    .argument('<bash|zsh|fish>')
    .description('print the script that completes commands and options')
    .action(
      shell.action(async (call, name = '') => {
        const known = Object.keys(SCRIPTS) as ShellName[];
        const which = choose(name, known, `There is no completion for "${name}"`);
        const script = SCRIPTS[which];
        print(call, { shell: which, script }, { name: `completion/${which}`, table: () => call.terminal.data(script) });
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
