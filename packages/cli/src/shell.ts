import type { Command } from 'commander';
import { openSession, type Session } from './config/session.js';
import type { ConnectionFlags } from './config/settings.js';
import { EXIT, type ExitCode } from './exit-codes.js';
import { FORMATS, type Format } from './render/output.js';
import { choose } from './similar.js';
import type { Surroundings } from './surroundings.js';
import { checkColorMode, Terminal } from './terminal.js';

/** Options that every command has. */
export interface GlobalOptions extends ConnectionFlags {
  readonly output?: string;
  readonly quiet?: boolean;
  /** `--color=always`; false: `--no-color`. */
  readonly color?: string | boolean;
}

/** One call of one command: its options, and what it works with. */
export interface Call<Options, Form extends string = Format> {
  readonly options: Options & GlobalOptions;
  /** `--output`, or what the command prints without it. */
  readonly format: Form;
  readonly surroundings: Surroundings;
  readonly terminal: Terminal;
  /** The service as the user that the settings name. */
  readonly session: () => Promise<Session>;
  /** The command itself, for its place in the tree. */
  readonly command: Command;
}

export type Work<Options, Form extends string = Format> = (
  call: Call<Options, Form>,
  ...args: string[]
) => Promise<ExitCode | void>;

/** What Commander calls: arguments, options and the command itself. */
export type Action = (...params: unknown[]) => Promise<void>;

/** Runs commands and keeps the exit code of the last. */
export class Shell {
  exitCode: ExitCode = EXIT.done;

  constructor(readonly surroundings: Surroundings) {}

  /** A command that answers in the forms that every command has. */
  action<Options = object>(work: Work<Options>): Action;
  /** One that answers in these; without `--output` in the first of them. */
  action<Options, Form extends string>(work: Work<Options, Form>, formats: readonly Form[]): Action;
  action<Options, Form extends string>(
    work: Work<Options, Form>,
    formats: readonly Form[] = FORMATS as readonly string[] as readonly Form[],
  ): Action {
    return async (...params) => {
      const call = this.callOf<Options, Form>(params.at(-1) as Command, formats);
      this.exitCode = (await work(call, ...(params.slice(0, -2) as string[]))) ?? EXIT.done;
    };
  }

  /** @throws CommandError (usage) before anything is done when the command has no such form */
  private callOf<Options, Form extends string>(command: Command, formats: readonly Form[]): Call<Options, Form> {
    const options = command.optsWithGlobals() as Options & GlobalOptions;
    const { surroundings } = this;
    const { output = formats[0] as Form } = options;
    const format = choose(output, formats, `There is no output "${output}" here`);
    const terminal = new Terminal(surroundings, { quiet: options.quiet, color: colorOf(options) });
    let session: Promise<Session> | undefined;
    const open = () => (session ??= openSession(options, surroundings));
    return { options, format, surroundings, terminal, command, session: open };
  }
}

function colorOf({ color }: GlobalOptions) {
  if (color === false) return 'never';
  return typeof color === 'string' ? checkColorMode(color) : 'auto';
}
