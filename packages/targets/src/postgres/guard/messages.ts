/*
 * The messages that a server may send to us (chapter "Message Formats" of PostgreSQL's manual): when, how long, and of
 * which shape. The driver's parser reads beyond the end of a message whose counts or texts do not fit into it.
 */

export type Phase = 'authenticating' | 'starting' | 'ready';

export interface MessageKind {
  readonly phases: readonly Phase[];
  /** Longest body, in bytes. Rows and errors are bounded by what a statement may answer instead. */
  readonly maxLength: number;
  readonly hasItsShape: (body: Buffer) => boolean;
}

const KIB = 1024;
/** PostgreSQL allows 1664 columns, with names of at most 63 bytes. */
const MAX_COLUMNS = 1664;
/** Table, column, type, size, modifier and format of a column. */
const COLUMN_TAIL_BYTES = 18;
const ANY_LENGTH = Number.POSITIVE_INFINITY;
const NULL_VALUE = -1;

const READY: readonly Phase[] = ['ready'];
const STARTED: readonly Phase[] = ['starting', 'ready'];
const ALWAYS: readonly Phase[] = ['authenticating', 'starting', 'ready'];

const isEmpty = (body: Buffer): boolean => body.length === 0;
/** A format, and that of each column. */
const copyResponse: MessageKind = {
  phases: READY,
  maxLength: 3 + 2 * MAX_COLUMNS,
  hasItsShape: (body) => body.length >= 3 && body.length === 3 + 2 * body.readUInt16BE(1),
};
const empty: MessageKind = { phases: READY, maxLength: 0, hasItsShape: isEmpty };

const KINDS: Readonly<Record<string, MessageKind>> = {
  R: { phases: ['authenticating'], maxLength: 4 * KIB, hasItsShape: isAuthentication },
  K: { phases: ['starting'], maxLength: 260, hasItsShape: (body) => body.length >= 8 },
  S: { phases: STARTED, maxLength: 64 * KIB, hasItsShape: (body) => areTexts(body, 0, 2) },
  Z: { phases: STARTED, maxLength: 1, hasItsShape: (body) => ['I', 'T', 'E'].includes(body.toString('latin1')) },
  E: { phases: ALWAYS, maxLength: ANY_LENGTH, hasItsShape: areFields },
  N: { phases: ALWAYS, maxLength: ANY_LENGTH, hasItsShape: areFields },
  A: { phases: READY, maxLength: 64 * KIB, hasItsShape: (body) => body.length > 4 && areTexts(body, 4, 2) },
  T: { phases: READY, maxLength: 256 * KIB, hasItsShape: isRowDescription },
  D: { phases: READY, maxLength: ANY_LENGTH, hasItsShape: isRow },
  C: { phases: READY, maxLength: KIB, hasItsShape: (body) => areTexts(body, 0, 1) },
  G: copyResponse,
  H: copyResponse,
  d: { phases: READY, maxLength: ANY_LENGTH, hasItsShape: () => true },
  c: empty,
  I: empty,
  n: empty,
  '1': empty,
  '2': empty,
  '3': empty,
};

/** By the code of the message. */
export const MESSAGES: ReadonlyMap<string, MessageKind> = new Map(Object.entries(KINDS));

/** Authentication requests that the driver answers. */
export const AUTHENTICATION = { ok: 0, cleartext: 3, md5: 5, sasl: 10, saslContinue: 11, saslFinal: 12 } as const;

/** Those of COPY, which only come where they were asked for. */
export const COPY_CODES = 'GHdc';

/** Number of columns of a row, or of its description. */
export function columnCount(body: Buffer): number {
  return body.readUInt16BE(0);
}

/** What kind of authentication is asked for. */
export function authenticationOf(body: Buffer): number {
  return body.readInt32BE(0);
}

function isAuthentication(body: Buffer): boolean {
  if (body.length < 4) return false;
  switch (authenticationOf(body)) {
    case AUTHENTICATION.ok:
    case AUTHENTICATION.cleartext:
      return body.length === 4;
    case AUTHENTICATION.md5:
      return body.length === 8;
    case AUTHENTICATION.sasl:
      return areTextsUntilEmpty(body, 4);
    default:
      return true;
  }
}

/** `count` texts with their ends, and nothing behind them. */
function areTexts(body: Buffer, start: number, count: number): boolean {
  let offset = start;
  for (let n = 0; n < count; n += 1) {
    offset = endOfText(body, offset);
    if (offset === 0) return false;
  }
  return offset === body.length;
}

/** Texts up to an empty one, which ends the message. */
function areTextsUntilEmpty(body: Buffer, start: number): boolean {
  let offset = start;
  while (offset < body.length && body[offset] !== 0) {
    offset = endOfText(body, offset);
    if (offset === 0) return false;
  }
  return offset === body.length - 1;
}

/** The fields of an error or a notice: a code and a text each, up to a zero, which ends the message. */
function areFields(body: Buffer): boolean {
  let offset = 0;
  while (offset < body.length && body[offset] !== 0) {
    offset = endOfText(body, offset + 1);
    if (offset === 0) return false;
  }
  return offset === body.length - 1;
}

function isRowDescription(body: Buffer): boolean {
  if (body.length < 2 || columnCount(body) > MAX_COLUMNS) return false;
  let offset = 2;
  for (let column = 0; column < columnCount(body); column += 1) {
    const end = endOfText(body, offset);
    if (end === 0 || end + COLUMN_TAIL_BYTES > body.length) return false;
    offset = end + COLUMN_TAIL_BYTES;
    const isText = body.readInt16BE(offset - 2) === 0;
    if (!isText) return false;
  }
  return offset === body.length;
}

function isRow(body: Buffer): boolean {
  if (body.length < 2) return false;
  let offset = 2;
  for (let column = 0; column < columnCount(body); column += 1) {
    if (offset + 4 > body.length) return false;
    const length = body.readInt32BE(offset);
    if (length < NULL_VALUE) return false;
    offset += 4 + Math.max(0, length);
  }
  return offset === body.length;
}

/** The offset behind the zero that ends a text; 0 when there is none. */
function endOfText(body: Buffer, start: number): number {
  return body.indexOf(0, start) + 1;
}
