import { backoffMs, pause } from './backoff.js';
import { ApiError } from './errors.js';
import { chunksOf, serverSentEvents, type ServerSentEvent } from './server-sent-events.js';

/** What a stream of Server-Sent Events was answered with; null when no more will come. */
export type OpenStream = (lastEventId: string | undefined) => Promise<ReadableStream<Uint8Array> | null>;

export interface Following {
  readonly open: OpenStream;
  /** Of the last event that is known. */
  readonly after: string | undefined;
  /** Ends the iteration without an error. */
  readonly signal: AbortSignal;
  /** Told when the stream is open, and when it has broken. */
  readonly onState?: ((state: StreamState) => void) | undefined;
}

export type StreamState = 'live' | 'lost';

/**
 * The events of a stream, until the service says that no more will come. One that breaks is taken up again behind the last event
 * (`Last-Event-ID`), for as long as it takes.
 * @throws ApiError for what is not about the moment
 */
export async function* followStream({ open, after, signal, onState }: Following): AsyncGenerator<ServerSentEvent> {
  let last = after;
  for (let failures = 0; !signal.aborted; failures += 1) {
    await restAfter(failures, signal);
    try {
      const stream = await open(last);
      if (stream === null) return;
      onState?.('live');
      for await (const event of serverSentEvents(chunksOf(stream))) {
        [last, failures] = [event.id, 0];
        yield event;
      }
    } catch (error) {
      if (!signal.aborted && isFinal(error)) throw error;
    }
    if (!signal.aborted) onState?.('lost');
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
