import { EdenError, isFinished, type OrganizationReader, type Run, type Uuid } from '@eden/domain';
import { Alarm } from './alarm.js';
import type { Notifications } from './listen.js';

/** Behind the notifications, for those that were missed. */
const POLL_INTERVAL_MS = 1_000;

export interface Wait {
  readonly runUuid: Uuid;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
}

/**
 * Reads the run until it is finished or the time is over. Once the run has been seen, a database that is away is
 * waited for like the run itself: the run goes on without us.
 */
export async function waitForRun(reader: OrganizationReader, notifications: Notifications, wait: Wait): Promise<Run> {
  const deadline = performance.now() + wait.timeoutMs;
  const alarm = new Alarm();
  const stop = notifications.on('eden_run', (finished) => {
    if (finished === null || finished === wait.runUuid) alarm.ring();
  });
  const giveUp = () => alarm.ring();
  wait.signal?.addEventListener('abort', giveUp);
  try {
    let run = await reader.run(wait.runUuid);
    while (!isFinished(run.state) && !isOver(deadline, wait.signal)) {
      await alarm.rungWithin(Math.min(POLL_INTERVAL_MS, deadline - performance.now()));
      run = await readAgain(reader, run);
    }
    return run;
  } finally {
    stop();
    wait.signal?.removeEventListener('abort', giveUp);
  }
}

function isOver(deadline: number, signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true || performance.now() >= deadline;
}

async function readAgain(reader: OrganizationReader, run: Run): Promise<Run> {
  try {
    return await reader.run(run.uuid);
  } catch (error) {
    if (error instanceof EdenError && error.retryable) return run;
    throw error;
  }
}
