import type { IncomingMessage } from 'node:http';
import { EdenError } from '@eden/domain';
import type { Request, Response } from 'express';
import express from 'express';
import { guardJson } from './json-guard.js';

const LARGEST_BODY_BYTES = 1_048_576;
const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i;

/** The guide's requests leave Content-Type out. */
function isJson({ headers }: IncomingMessage): boolean {
  const type = headers['content-type'];
  return type === undefined || JSON_TYPE.test(type);
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

const parseJson = express.json({ limit: LARGEST_BODY_BYTES, strict: false, type: isJson });

/**
 * The request's JSON; an empty body is `{}`.
 * @throws EdenError UNSUPPORTED_MEDIA_TYPE, VALIDATION_FAILED; errors of the parser for what is too large or no JSON
 */
export async function readBody(req: Request, res: Response): Promise<unknown> {
  if (!hasBody(req)) return {};
  if (!isJson(req)) throw new EdenError('UNSUPPORTED_MEDIA_TYPE', { suggestion: 'Send application/json' });
  await new Promise<void>((resolve, reject) => {
    parseJson(req, res, (error?: unknown) => (error === undefined ? resolve() : reject(error as Error)));
  });
  const body = req.body as unknown;
  guardJson(body);
  return body;
}
