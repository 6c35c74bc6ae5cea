import type { Response } from 'express';
import type { Answer } from './answer.js';
import { untilRead } from './event-stream.js';
import { isOver } from './when-over.js';

/** An answer of any length: batches of documents, one to a line (https://jsonlines.org). */
export interface LinesAnswer extends Answer<null> {
  readonly lines: AsyncIterable<readonly object[]>;
}

export function lines(documents: AsyncIterable<readonly object[]>): LinesAnswer {
  return { status: 200, body: null, lines: documents };
}

export function isLines(answer: Answer): answer is LinesAnswer {
  return 'lines' in answer;
}

export const LINES_TYPE = 'application/x-ndjson';

/** A client that reads slowly slows the reading of the database down; one that has gone ends it. */
export async function sendLines(res: Response, { status, lines: batches }: LinesAnswer): Promise<void> {
  res.status(status).set('Content-Type', `${LINES_TYPE}; charset=utf-8`);
  for await (const batch of batches) {
    const text = batch.map((document) => `${JSON.stringify(document)}\n`).join('');
    if (!isOver(res) && !res.write(text)) await untilRead(res);
    // Before the next batch is asked for: a gateway that ends has cut the connection and closes its database.
    if (isOver(res)) return;
  }
  res.end();
}
