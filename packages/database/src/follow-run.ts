import { isEdenError, type OrganizationReader, type RunEvent, type Uuid } from '@eden/domain';
import { Alarm } from './alarm.js';
import type { Notifications } from './listen.js';

/** Behind the notifications, for those that were missed. */
const POLL_INTERVAL_MS = 5_000;

export interface Follow {
  readonly runUuid: Uuid;
  /** Sequence of the last event that is known. */
  readonly after: number;
  readonly signal: AbortSignal;
}

/**
 * The events of a run as they come, in order and each once, up to its end or until the signal aborts; an empty batch
 * every five seconds in which nothing came. A database that is away is waited for.
 */
export async function* followRun(
  reader: OrganizationReader,
  notifications: Notifications,
  { runUuid, after, signal }: Follow,
): AsyncGenerator<readonly RunEvent[], void, void> {
  const alarm = new Alarm();
  const ring = (): void => alarm.ring();
  const stop = notifications.on('eden_run_event', (run) => (run === null || run === runUuid) && ring());
  signal.addEventListener('abort', ring);
  try {
    for (let known = after; !signal.aborted;) {
      const events = await readEvents(reader, runUuid, known);
      known = events.at(-1)?.sequence ?? known;
      yield events;
      if (events.some(tellsOfAnEnd)) return;
      await alarm.rungWithin(POLL_INTERVAL_MS);
    }
  } finally {
    stop();
    signal.removeEventListener('abort', ring);
  }
}

/** What contradicts a run comes behind its end. */
function tellsOfAnEnd({ type }: RunEvent): boolean {
  return type === 'finished' || type === 'contradicted';
}

async function readEvents(reader: OrganizationReader, runUuid: Uuid, after: number): Promise<readonly RunEvent[]> {
  try {
    return await reader.runEvents(runUuid, after);
  } catch (error) {
    if (isEdenError(error) && error.retryable) return [];
    throw error;
  }
}
