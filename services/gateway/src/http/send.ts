import type { Response } from 'express';
import type { Answer } from './answer.js';

export function send(res: Response, { status, body, headers = {} }: Answer): void {
  res.status(status).set(headers).json(body);
}
