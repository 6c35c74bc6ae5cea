import type { Connection } from './connection.js';
import { followStream, type StreamState } from './event-streams.js';
import type { RunEvent } from './shapes.js';

export interface EventOptions {
  /** Only events behind this one; default 0, all. */
  readonly after?: number;
  /** Ends the iteration without an error. */
  readonly signal?: AbortSignal;
  /** Told when the stream is open, and when it has broken. */
  readonly onState?: (state: StreamState) => void;
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
  { after = 0, signal = new AbortController().signal, onState }: EventOptions = {},
): AsyncGenerator<RunEvent> {
  const open = async (last = '0'): Promise<ReadableStream<Uint8Array> | null> => {
    const { data, response } = await connection.GET('/api/v1/runs/{run}/events', {
      params: { path: { run }, header: { 'Last-Event-ID': last } },
      headers: { Accept: 'text/event-stream' },
      parseAs: 'stream',
      signal,
    });
    return response.status === NOTHING_MORE ? null : (data as unknown as ReadableStream<Uint8Array>);
  };
  for await (const { data } of followStream({ open, after: String(after), signal, onState })) {
    yield JSON.parse(data) as RunEvent;
  }
}
