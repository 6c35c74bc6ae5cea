import type { Response } from 'express';
import type { Answer } from './answer.js';
import { isEventStream, sendEvents } from './event-stream.js';
import { isLines, sendLines } from './lines.js';
import { isText, sendText } from './text.js';

/** Answers hold data of one subject: nobody in between may keep or reinterpret them. */
export const PROTECTION = { 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' } as const;

/** Resolves when the answer was handed to the connection; of a stream, when it has ended. */
export async function send(res: Response, answer: Answer): Promise<void> {
  if (isEventStream(answer)) await sendEvents(res, answer);
  else if (isLines(answer)) await sendLines(res, answer);
  else if (isText(answer)) sendText(res, answer);
  else sendJson(res, answer);
}

export function sendJson(res: Response, { status, body, headers = {} }: Answer): void {
  res.status(status).set(headers);
  if (body === null) res.end();
  else res.json(body);
}
