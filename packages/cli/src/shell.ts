import type { Command } from 'commander';
import { openSession, type Session } from './config/session.js';
import type { ConnectionFlags } from './config/settings.js';
import { EXIT, type ExitCode } from './exit-codes.js';
import type { Surroundings } from './surroundings.js';
import { checkColorMode, Terminal } from './terminal.js';

/** Options that every command has. */
export interface GlobalOptions extends ConnectionFlags {
  readonly output?: string;
  readonly quiet?: boolean;
  /** `--color always`; false: `--no-color`. */
  readonly color?: string | boolean;
}

/** One call of one command: its options, and what it works with. */
export interface Call<Options> {
  readonly options: Options & GlobalOptions;
  readonly surroundings: Surroundings;
  readonly terminal: Terminal;
  /** The service as the user that the settings name. */
  readonly session: () => Promise<Session>;
  /** The command itself, for its place in the tree. */
  readonly command: Command;
}

export type Work<Options> = (call: Call<Options>, ...args: string[]) => Promise<ExitCode | void>;

/** Runs commands and keeps the exit code of the last. */
export class Shell {
  exitCode: ExitCode = EXIT.done;

  constructor(readonly surroundings: Surroundings) {}

  /** What Commander calls: arguments, options and the command itself. */
  action<Options = object>(work: Work<Options>): (...params: unknown[]) => Promise<void> {
    return async (...params) => {
      const command = params.at(-1) as Command;
      const call = this.callOf<Options>(command);
      this.exitCode = (await work(call, ...(params.slice(0, -2) as string[]))) ?? EXIT.done;
    };
  }

  private callOf<Options>(command: Command): Call<Options> {
    const options = command.optsWithGlobals() as Options & GlobalOptions;
    const { surroundings } = this;
    const terminal = new Terminal(surroundings, { quiet: options.quiet, color: colorOf(options) });
    return { options, surroundings, terminal, command, session: () => openSession(options, surroundings) };
  }
}

function colorOf({ color }: GlobalOptions) {
  if (color === false) return 'never';
  return typeof color === 'string' ? checkColorMode(color) : 'auto';
}
