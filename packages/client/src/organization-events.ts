import type { Connection } from './connection.js';
import { followStream, type StreamState } from './event-streams.js';
import type { OrganizationEvent } from './shapes.js';

export interface OrganizationEventOptions {
  /** Ends the iteration without an error. */
  readonly signal: AbortSignal;
  /** Told when the stream is open, and when it has broken. */
  readonly onState?: (state: StreamState) => void;
}

/**
 * What moves in the organization, from now on and for as long as it takes; behind a break some of it perhaps again.
 * @throws ApiError for what is not about the moment
 */
export async function* organizationEvents(
  connection: Connection,
  { signal, onState }: OrganizationEventOptions,
): AsyncGenerator<OrganizationEvent> {
  const open = async (last: string | undefined): Promise<ReadableStream<Uint8Array>> => {
    const { data } = await connection.GET('/api/v1/events', {
      params: last === undefined ? {} : { header: { 'Last-Event-ID': last } },
      headers: { Accept: 'text/event-stream' },
      parseAs: 'stream',
      signal,
    });
    return data as unknown as ReadableStream<Uint8Array>;
  };
  for await (const { data } of followStream({ open, after: undefined, signal, onState })) {
    yield JSON.parse(data) as OrganizationEvent;
  }
}
