import type { IncomingMessage } from 'node:http';
import { EdenError, validationError } from '@eden/domain';
import type { RequestHandler, Request, Response } from 'express';
import express from 'express';
import type { z } from 'zod';
import { guardJson } from './json-guard.js';
import { parseInput } from './validation.js';

export const LARGEST_BODY_BYTES = 1_048_576;
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
  await parse(parseJson, req, res);
  const body = req.body as unknown;
  guardJson(body);
  return body;
}

function parse(parser: RequestHandler, req: Request, res: Response): Promise<void> {
  return new Promise((resolve, reject) => {
    void parser(req, res, (error?: unknown) => (error === undefined ? resolve() : reject(error as Error)));
  });
}

const parseBytes = express.raw({ limit: LARGEST_BODY_BYTES, inflate: false, type: () => true });

/** The request's body as it came. @throws errors of the parser for what is too large or compressed */
export async function readBytes(req: Request, res: Response): Promise<Uint8Array> {
  if (!hasBody(req)) return new Uint8Array();
  await parse(parseBytes, req, res);
  return req.body as Buffer;
}

/** What the bytes of a body say. @throws EdenError VALIDATION_FAILED */
export function parseSigned<T extends z.ZodType>(schema: T, bytes: Uint8Array): z.output<T> {
  const body = parseText(Buffer.from(bytes).toString('utf8'));
  guardJson(body);
  return parseInput(schema, body);
}

function parseText(text: string): unknown {
  try {
    return text === '' ? {} : JSON.parse(text);
  } catch {
    throw notJson();
  }
}

export function notJson(): EdenError {
  return validationError([{ path: '', message: 'The body is not valid JSON' }]);
}

const BYTE_ORDER_MARK = '\uFEFF';

/** JSON of a body that has come as a whole; nothing is `{}`. @throws EdenError VALIDATION_FAILED */
export function parseJsonBody(bytes: Buffer): unknown {
  const text = bytes.toString('utf8');
  const body = parseText(text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text);
  guardJson(body);
  return body;
}
