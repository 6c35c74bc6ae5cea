import type { Response } from 'express';
import type { Answer } from './answer.js';
import { isEventStream, sendEvents } from './event-stream.js';

/** Resolves when the answer was handed to the connection; of a stream, when it has ended. */
export async function send(res: Response, answer: Answer): Promise<void> {
  if (isEventStream(answer)) await sendEvents(res, answer);
  else sendJson(res, answer);
}

export function sendJson(res: Response, { status, body, headers = {} }: Answer): void {
  res.status(status).set(headers).json(body);
}
