import type { Command } from 'commander';

/** What may stand in place of the last word: commands, and options once a dash is typed. */
export function candidatesFor(program: Command, words: readonly string[]): string[] {
  const [last = '', ...before] = words.toReversed();
  const command = before.toReversed().reduce(stepInto, program);
  const offered = last.startsWith('-') ? optionsOf(command, program) : commandsOf(command);
  return offered.filter((word) => word.startsWith(last)).sort();
}

/** Options and arguments stay where they are. */
function stepInto(command: Command, word: string): Command {
  return command.commands.find((each) => each.name() === word || each.aliases().includes(word)) ?? command;
}

function commandsOf(command: Command): string[] {
  return command.commands.map((each) => each.name()).filter((name) => !name.startsWith('__'));
}

function optionsOf(command: Command, program: Command): string[] {
  const options = [...command.options, ...program.options].filter(({ hidden }) => !hidden);
  return [...new Set(options.flatMap(({ long }) => long ?? [])), '--help'];
}
