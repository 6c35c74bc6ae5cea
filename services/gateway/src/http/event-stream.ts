import type { Response } from 'express';
import type { Answer } from './answer.js';
import { isOver, whenOver } from './when-over.js';

/** One message of a stream of Server-Sent Events (HTML standard, section 9.2). */
export interface ServerSentEvent {
  /** What the client sends back as Last-Event-ID after a break. */
  readonly id: number;
  readonly type: string;
  readonly data: unknown;
}

/** An answer that goes on: batches of events as they come. An empty batch only shows that the stream is alive. */
export interface EventStreamAnswer extends Answer<null> {
  readonly events: AsyncIterable<readonly ServerSentEvent[]> | null;
}

/** A client that was cut off comes back by itself; only 204 tells it not to. */
export const NOTHING_MORE: EventStreamAnswer = { status: 204, body: null, events: null };

/** After a break, clients come back this soon. */
const RETRY_MS = 1_000;

const HEADERS = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  // Nothing in between may wait for the end of it.
  'X-Accel-Buffering': 'no',
};

export function isEventStream(answer: Answer): answer is EventStreamAnswer {
  return 'events' in answer;
}

/** Sends the events until there are no more; a client that reads slowly slows the stream down. */
export async function sendEvents(res: Response, { status, events }: EventStreamAnswer): Promise<void> {
  res.status(status);
  if (events !== null) {
    res.set(HEADERS).write(`retry: ${RETRY_MS}\n\n`);
    for await (const batch of events) {
      if (!isOver(res) && !res.write(format(batch))) await untilRead(res);
    }
  }
  res.end();
}

/** Or until the client is gone. Leaves no listener behind, however often a stream has to wait. */
export function untilRead(res: Response): Promise<void> {
  return new Promise((resolve) => {
    const read = (): void => {
      stop();
      resolve();
    };
    const stop = whenOver(res, () => {
      res.off('drain', read);
      resolve();
    });
    res.once('drain', read);
  });
}

/** JSON has no line breaks outside of its strings, and escapes those inside. */
function format(batch: readonly ServerSentEvent[]): string {
  if (batch.length === 0) return ':\n\n';
  return batch.map(({ id, type, data }) => `id: ${id}\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n`).join('');
}
