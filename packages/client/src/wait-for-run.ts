import type { Connection } from './connection.js';
import { answerOf, WaitTimeoutError } from './errors.js';
import { runEvents } from './run-events.js';
import type { Run, RunEvent } from './shapes.js';

export interface WaitOptions {
  /** Default: for as long as it takes. */
  readonly timeoutMs?: number;
  /** Ends the waiting, never the run. */
  readonly signal?: AbortSignal;
  /** Told of every event of the run, also of those before the waiting began. */
  readonly onEvent?: (event: RunEvent) => void;
}

/** Longer than this a timer would end at once: some 24 days. */
const LONGEST_MS = 2 ** 31 - 1;
const SETTLED: readonly Run['state'][] = ['succeeded', 'failed', 'cancelled', 'in_doubt'];
const LAST_EVENTS: readonly RunEvent['type'][] = ['finished', 'in_doubt'];

/** Whether the run has ended, or goes on only when a person has decided. */
export function isSettled({ state }: Pick<Run, 'state'>): boolean {
  return SETTLED.includes(state);
}

/**
 * The run as it is when it has ended, or is in doubt.
 * @throws WaitTimeoutError, ApiError; what `signal` was aborted with
 */
export async function waitForRun(connection: Connection, run: string, options: WaitOptions = {}): Promise<Run> {
  const { timeoutMs, signal, onEvent } = options;
  const late = new AbortController();
  const timer = timeoutMs === undefined ? undefined : setTimeout(() => late.abort(), Math.min(timeoutMs, LONGEST_MS));
  const ends = AbortSignal.any([late.signal, ...(signal === undefined ? [] : [signal])]);
  try {
    for (let last = 0; ;) {
      last = await followToEnd(connection, run, { after: last, signal: ends, onEvent });
      ends.throwIfAborted();
      const now = await readRun(connection, run, ends);
      if (isSettled(now)) return now;
    }
  } catch (error) {
    signal?.throwIfAborted();
    throw late.signal.aborted ? new WaitTimeoutError(run, timeoutMs as number) : error;
  } finally {
    clearTimeout(timer);
  }
}

interface Following {
  readonly after: number;
  readonly signal: AbortSignal;
  readonly onEvent: WaitOptions['onEvent'];
}

/** Resolves to the number of the last event seen. */
async function followToEnd(connection: Connection, run: string, following: Following): Promise<number> {
  const { after, signal, onEvent } = following;
  let last = after;
  for await (const event of runEvents(connection, run, { after, signal })) {
    last = event.sequence;
    onEvent?.(event);
    if (LAST_EVENTS.includes(event.type)) break;
  }
  return last;
}

async function readRun(connection: Connection, run: string, signal: AbortSignal): Promise<Run> {
  const { data } = await answerOf(connection.GET('/api/v1/runs/{run}', { params: { path: { run } }, signal }));
  return data;
}
