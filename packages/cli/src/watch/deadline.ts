import { setTimeout as delay } from 'node:timers/promises';
import { CommandError, EXIT } from '../exit-codes.js';
import { inTime } from './in-time.js';

const POLL_MS = 1_000;

/** Until when somebody waits; without a limit for as long as it takes. */
export class Deadline {
  private readonly at: number;

  constructor(private readonly timeoutMs: number | undefined) {
    this.at = Date.now() + (timeoutMs ?? 0);
  }

  leftMs(): number | undefined {
    return this.timeoutMs === undefined ? undefined : Math.max(1, this.at - Date.now());
  }

  /** Work that ends with the time, whatever it waits for. @throws CommandError when the time is over */
  async bound<Result>(what: string, work: (signal: AbortSignal | null) => Promise<Result>): Promise<Result> {
    return inTime(this.leftMs(), () => isLate(what), work);
  }

  /** @throws CommandError when the time is over, or on Ctrl-C */
  async pause(what: string, interrupt: AbortSignal): Promise<void> {
    const left = this.leftMs();
    if (left !== undefined && left <= 1) throw isLate(what);
    try {
      await delay(Math.min(POLL_MS, left ?? POLL_MS), undefined, { signal: interrupt });
    } catch {
      throw new CommandError('Stopped waiting', 'What was waited for goes on.', EXIT.interrupted);
    }
  }
}

function isLate(what: string): CommandError {
  return new CommandError(`${what} is not there yet`, 'Wait longer, or see "eden status".', EXIT.timeout);
}
