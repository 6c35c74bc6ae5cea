import { cutWords, type JsonObject, type JsonValue, type StatementResult } from '@eden/domain';
import { assertShallow } from '../json-depth.js';
import type { HttpAnswer } from './exchange.js';

const JSON_TYPE = /^application\/(?:[\w.-]+\+)?json\b/i;

/** An answer as the one row of a result: `status` and `body`. @throws ResultTooLarge */
export function resultOf({ status, headers, body }: HttpAnswer): StatementResult {
  const row: JsonObject = { status, body: bodyOf(body, headers) };
  return { rows: [row], rowCount: 1 };
}

/** JSON as its value, other text as it is; nothing, and what is packed though nobody has asked for that, is null. */
function bodyOf(bytes: Buffer, headers: HttpAnswer['headers']): JsonValue {
  if (bytes.length === 0 || isPacked(headers)) return null;
  const text = bytes.toString('utf8');
  if (!JSON_TYPE.test(headers['content-type'] ?? '')) return text;
  assertShallow(text);
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return text;
  }
}

function isPacked({ 'content-encoding': encoding = 'identity' }: HttpAnswer['headers']): boolean {
  return encoding.toLowerCase() !== 'identity';
}

/** Of an answer that is only quoted: so much is looked at, and behind the last whole secret in it nothing is kept. */
export const MOST_QUOTED = 65_536;
const LONGEST_SECRET = 32_768;

/** The beginning of what a service says of a request that it refuses, without any secret that it says back to us. */
export function excerptOf({ body, headers }: HttpAnswer, secrets: readonly string[]): string {
  if (isPacked(headers)) return '';
  const text = body.subarray(0, MOST_QUOTED).toString('utf8');
  const masked = secrets.reduce((hidden, secret) => hidden.replaceAll(secret, '***'), text);
  const whole = body.length < MOST_QUOTED / 2 ? masked : masked.slice(0, -LONGEST_SECRET);
  return cutWords(whole.replace(/[\p{Cc}\p{Surrogate}\s]+/gu, ' ').trim());
}

/** Everything by which the values of headers can come back: themselves, their words, and what Basic credentials hold. */
export function secretsIn(headers: Readonly<Record<string, string>>): readonly string[] {
  const words = Object.values(headers).flatMap((value) => [value, ...value.split(/[\s,;=:]+/)]);
  const decoded = words.flatMap((word) => {
    const text = Buffer.from(word, 'base64').toString('utf8');
    return /^[\x20-\x7e]+:[\x20-\x7e]+$/.test(text) ? [text, ...text.split(':')] : [];
  });
  const all = [...words, ...decoded].flatMap((text) => [
    text,
    encodeURIComponent(text),
    JSON.stringify(text).slice(1, -1),
  ]);
  // The longest first: what is part of another one must not spoil it.
  return [...new Set(all)].filter((text) => text.length >= LEAST_SECRET).sort((a, b) => b.length - a.length);
}

/** Shorter words are in every text. */
const LEAST_SECRET = 4;
