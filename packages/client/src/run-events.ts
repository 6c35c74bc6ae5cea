import { backoffMs, pause } from './backoff.js';
import type { Connection } from './connection.js';
import { ApiError } from './errors.js';
import { serverSentEvents } from './server-sent-events.js';
import type { RunEvent } from './shapes.js';

export interface EventOptions {
  /** Only events behind this one; default 0, all. */
  readonly after?: number;
  /** Ends the iteration without an error. */
  readonly signal?: AbortSignal;
}

const NOTHING_MORE = 204;

/**
 * The events of a run as they happen, each once and in order, until the service says that no more will come. A stream
 * that breaks is taken up again behind the last event (`Last-Event-ID`), for as long as it takes.
 * @throws ApiError for what is not about the moment, such as a run that is not known
 */
export async function* runEvents(
  connection: Connection,
  run: string,
  { after = 0, signal = new AbortController().signal }: EventOptions = {},
): AsyncGenerator<RunEvent> {
  let last = after;
  for (let failures = 0; !signal.aborted; failures += 1) {
    await restAfter(failures, signal);
    try {
      const stream = await open(connection, run, last, signal);
      if (stream === null) return;
      for await (const event of stream) {
        [last, failures] = [event.sequence, 0];
        yield event;
      }
    } catch (error) {
      if (!signal.aborted && isFinal(error)) throw error;
    }
  }
}

/** Ends early, without an error, when the signal is aborted. */
async function restAfter(failures: number, signal: AbortSignal): Promise<void> {
  if (failures > 0) await pause(backoffMs(failures), signal).catch(() => undefined);
}

/** Asking again would be answered in the same way. */
function isFinal(error: unknown): boolean {
  if (error instanceof ApiError) return error.status < 500 && error.status !== 429;
  return error instanceof SyntaxError;
}

async function open(
  connection: Connection,
  run: string,
  last: number,
  signal: AbortSignal,
): Promise<AsyncIterable<RunEvent> | null> {
  const { data, response } = await connection.GET('/api/v1/runs/{run}/events', {
    params: { path: { run }, header: { 'Last-Event-ID': String(last) } },
    headers: { Accept: 'text/event-stream' },
    parseAs: 'stream',
    signal,
  });
  if (response.status === NOTHING_MORE) return null;
  return parse(data as unknown as ReadableStream<Uint8Array>);
}

async function* parse(stream: ReadableStream<Uint8Array>): AsyncGenerator<RunEvent> {
  for await (const { data } of serverSentEvents(stream)) yield JSON.parse(data) as RunEvent;
}
