import type { Response } from 'express';
import type { Answer } from './answer.js';
import type { HttpRequest } from './http-request.js';

/** An answer to be read by people. */
export interface TextAnswer extends Answer<null> {
  readonly text: string;
}

export function text(words: string): TextAnswer {
  return { status: 200, body: null, text: words };
}

export function isText(answer: Answer): answer is TextAnswer {
  return 'text' in answer;
}

/** Whoever takes JSON as well gets that. */
export function wantsText(http: HttpRequest): boolean {
  const accept = http.header('accept') ?? '';
  return accept.includes('text/plain') && !accept.includes('json');
}

export function sendText(res: Response, { status, text: words }: TextAnswer): void {
  res
    .status(status)
    .set({ 'Content-Type': 'text/plain; charset=utf-8', 'X-Content-Type-Options': 'nosniff' })
    .send(words);
}
