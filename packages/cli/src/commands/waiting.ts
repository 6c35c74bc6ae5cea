import type { Command } from 'commander';
import { parseDuration } from '../durations.js';
import type { Call } from '../shell.js';
import { Deadline } from '../watch/deadline.js';

/** Of a verb that may stay until what it has asked for is there. */
export interface WaitFlags {
  readonly wait?: boolean;
  /** In milliseconds. */
  readonly timeout?: number;
}

/** Gives a verb `--wait` and `--timeout`. */
export function withWaiting(command: Command, what = 'watch the run until it has ended'): Command {
  return command
    .option('--wait', what)
    .option('--timeout <duration>', 'wait no longer than this: 30s, 10m, 1h', parseDuration);
}

/** From now on; who does not wait has no limit. */
export function deadlineOf({ options }: Call<WaitFlags>): Deadline {
  return new Deadline(options.wait === true ? options.timeout : undefined);
}
