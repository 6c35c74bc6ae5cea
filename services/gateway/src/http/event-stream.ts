import { once } from 'node:events';
import type { Response } from 'express';

/** One message of a stream of Server-Sent Events (HTML standard, section 9.2). */
export interface ServerSentEvent {
  /** What the client sends back as Last-Event-ID after a break. */
  readonly id: number;
  readonly type: string;
  readonly data: unknown;
}

/** An answer that goes on: batches of events as they come. An empty batch only shows that the stream is alive. */
export interface EventStreamAnswer {
  readonly status: 200;
  readonly events: AsyncIterable<readonly ServerSentEvent[]>;
}

/** After a break, clients come back this soon. */
const RETRY_MS = 1_000;

const HEADERS = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  // Nothing in between may wait for the end of it.
  'X-Accel-Buffering': 'no',
};

/** Sends the events until there are no more; a client that reads slowly slows the stream down. */
export async function sendEvents(res: Response, { status, events }: EventStreamAnswer): Promise<void> {
  res.status(status).set(HEADERS);
  res.write(`retry: ${RETRY_MS}\n\n`);
  for await (const batch of events) {
    const text = batch.length === 0 ? ':\n\n' : batch.map(format).join('');
    if (!res.write(text) && !res.closed) await Promise.race([once(res, 'drain'), once(res, 'close')]);
  }
  res.end();
}

/** JSON has no line breaks outside of its strings, and escapes those inside. */
function format({ id, type, data }: ServerSentEvent): string {
  return `id: ${id}\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n`;
}
