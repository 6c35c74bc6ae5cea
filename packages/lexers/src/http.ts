/*
 * A request as text, in the way that people write it down: a line with method and path, the headers, and behind an empty
 * line the body, which is JSON. Templates write it, endpoints of the kind Http read it; nothing in it depends on where the
 * request goes.
 */

export interface HttpMessage {
  readonly method: string;
  /** Path and query, as they are sent. */
  readonly target: string;
  readonly headers: readonly HttpHeader[];
  /** Null: there is none. */
  readonly body: string | null;
}

export interface HttpHeader {
  readonly name: string;
  readonly value: string;
}

/** Why a text is no request. */
export class NoHttpMessage extends Error {
  override readonly name = 'NoHttpMessage';

  constructor(
    /** Counted from 1. */
    readonly line: number,
    reason: string,
  ) {
    super(reason);
  }
}

const METHOD = /^[A-Z]+$/;
/** RFC 9110: what a header's name is made of. */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** RFC 3986: what a path and a query are made of. */
const TARGET = /^\/(?:[\w\-.~!$&'()*+,;=:@/?]|%[0-9A-Fa-f]{2})*$/;
/** What a header may hold everywhere: ASCII that shows, spaces and tabs in between. */
const VALUE = /^(?:[\x21-\x7e](?:[\t\x20-\x7e]*[\x21-\x7e])?)?$/;

export function isHeaderName(text: string): boolean {
  return TOKEN.test(text);
}

export function isHeaderValue(text: string): boolean {
  return VALUE.test(text);
}

/** Whether a text is a path with its query, ready to be sent, which no server takes for one elsewhere. */
export function isRequestTarget(text: string): boolean {
  return TARGET.test(text) && !text.startsWith('//') && !hasDotSegments(text);
}

/** `.` and `..` lead elsewhere, in every spelling. */
function hasDotSegments(target: string): boolean {
  const [path = ''] = target.split('?', 1);
  return path.split('/').some((segment) => /^(?:\.|%2e){1,2}$/i.test(segment));
}

export function writeHttpMessage({ method, target, headers, body }: HttpMessage): string {
  const head = [`${method} ${target}`, ...headers.map(({ name, value }) => `${name}: ${value}`)].join('\n');
  return body === null ? head : `${head}\n\n${body}`;
}

/** @throws NoHttpMessage */
export function readHttpMessage(text: string): HttpMessage {
  const end = text.indexOf('\n\n');
  const [start = '', ...lines] = (end === -1 ? text : text.slice(0, end)).split('\n');
  const [method = '', target = '', ...more] = start.split(' ');
  if (!METHOD.test(method) || more.length > 0)
    throw new NoHttpMessage(1, 'a request begins with its method and its path');
  if (!isRequestTarget(target))
    throw new NoHttpMessage(1, 'a path begins with one /, and holds no "." or ".." between its slashes');
  return { method, target, headers: lines.map(readHeader), body: end === -1 ? null : text.slice(end + 2) };
}

function readHeader(line: string, index: number): HttpHeader {
  const colon = line.indexOf(':');
  const [name, value] = [line.slice(0, colon), line.slice(colon + 1).trim()];
  if (colon === -1 || !isHeaderName(name) || !isHeaderValue(value)) {
    throw new NoHttpMessage(index + 2, 'a header is a name, a colon and a value of one line');
  }
  return { name, value };
}

/** A text as one part of a path or of a query: whatever it holds, it ends none. */
export function quotePart(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** A text between the quotes of a JSON text or, where it has signs of ASCII only, of a header's quoted text. */
export function quoteInside(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** Headers that belong to the way of a request, or to whoever sends it, and not to what it says. */
const OF_THE_WAY: ReadonlySet<string> = new Set([
  ...['accept-encoding', 'connection', 'content-length', 'expect', 'host', 'idempotency-key', 'keep-alive'],
  ...['proxy-authenticate', 'proxy-authorization', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade'],
]);

/** Whether nobody but the sender sets a header. */
export function isSendersHeader(name: string): boolean {
  return OF_THE_WAY.has(name.toLowerCase());
}
