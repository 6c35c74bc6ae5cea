import type { Command } from 'commander';
import { isMeant } from '../ask.js';
import { CommandError, EXIT } from '../exit-codes.js';
import type { Call } from '../shell.js';

/** Of a verb that takes something away. */
export interface DeleteFlags {
  readonly yes?: boolean;
}

/** Gives a verb `--yes`. */
export function withYes(command: Command): Command {
  return command.option('--yes', 'do not ask');
}

/** @throws CommandError when it was not meant, or whoever types it would not see the question */
export async function assertMeant({ options, surroundings }: Call<DeleteFlags>, question: string): Promise<void> {
  if (await isMeant(surroundings, options.yes, question)) return;
  throw new CommandError('Not done', 'Nothing has changed.', EXIT.refused);
}
