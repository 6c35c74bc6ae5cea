import type { AnswerLimits } from '../../answer-limits.js';
import type { FrameSink } from './frame-reader.js';
import { HEADER_BYTES } from './frame-reader.js';
import { AnswersCrowded, ProtocolViolation, ResultTooLarge } from './guard-errors.js';
import { AUTHENTICATION, authenticationOf, columnCount, COPY_CODES, MESSAGES } from './messages.js';
import type { MessageKind, Phase } from './messages.js';

/** Until the session is ready a server has little to say. */
const MAX_OPENING_FRAMES = 1000;
const MAX_OPENING_BYTES = 256 * 1024;
/** What a session may say by itself while nobody asks: notifications, new settings. */
const MAX_IDLE_FRAMES = 1000;
/** Notices beside one answer. Those behind the first few are dropped unread. */
const MAX_NOTICES = 1_000_000;
const MAX_NOTICES_READ = 100;
const MAX_NOTICE_BYTES = 64 * 1024;
/** Messages of one answer that are no rows; closing the gate of one API takes two. */
const MAX_ANSWER_FRAMES = 25_000;
/** What a row and a value take in memory on top of their bytes. */
const ROW_MEMORY_BYTES = 32;
const VALUE_MEMORY_BYTES = 16;
const NO_BODY = Buffer.alloc(0);

/** One question to the server: a simple query, or an extended one up to its Sync. */
export interface Exchange {
  readonly dropRows: boolean;
  /** The statement is COPY … FROM STDIN, or may be COPY … TO STDOUT, whose data are dropped unread. */
  readonly copies?: 'in' | 'out';
  /** Who reads the answer in place of the driver. */
  readonly reader?: AnswerReader;
  /** Called at the end of the answer, before anything that comes behind it. */
  readonly ended?: (hasFailed: boolean) => void;
}

/** Reads the answer to what it has asked itself, frame by frame, each of them checked. */
export interface AnswerReader {
  /** Of the rows that come next, where the server has described them before; else null. */
  readonly columns: number | null;
  /** False for what is the driver's matter: errors, and the end. */
  take(frame: Buffer): boolean;
}

/** What has arrived since the last question or ReadyForQuery. */
interface Tally {
  frames: number;
  notices: number;
  /** Of the statement that is being answered. */
  rows: number;
  bytes: number;
  /** Memory taken from the budget of the process. */
  reserved: number;
  /** Columns of the rows that are described; null before. */
  columns: number | null;
  failed: boolean;
  /** The data of a COPY have begun. */
  copying: boolean;
}

/**
 * What a server may say, and when: the answers to the questions that were asked, in their order, in the shapes of the
 * protocol, and never more than the limits allow.
 *
 *   authenticating ──R 0──▶ starting ──Z──▶ ready ──(question) T D… C (T D… C)… Z──▶ ready
 *
 * @throws ProtocolViolation, ResultTooLarge, AnswersCrowded
 */
export class Conversation implements Omit<FrameSink, 'take'> {
  private phase: Phase = 'authenticating';
  private readonly exchanges: Exchange[] = [];
  private tally = newTally();
  private openingBytes = 0;
  /** The last authentication request. */
  private authentication: number | null = null;
  private over = false;
  private unread = 0;
  /** Taken from the budget for earlier answers, which are still in use; null when nobody keeps them. */
  private held: number | null = null;

  constructor(private readonly limits: AnswerLimits) {}

  /** The server has refused or ended the session and has no more to say. */
  get isOver(): boolean {
    return this.over;
  }

  /** Notices that were dropped unread, since the session began. */
  get unreadNotices(): number {
    return this.unread;
  }

  /** Of the answer that is due now. */
  get reader(): AnswerReader | undefined {
    return this.exchanges[0]?.reader;
  }

  asked(exchange: Exchange): void {
    if (this.exchanges.length === 0) this.startTally();
    this.exchanges.push(exchange);
  }

  /** From now on whoever asks keeps the answers until `release`, and they count together. */
  hold(): void {
    this.held ??= 0;
  }

  /** Gives back what answers have taken. */
  release(): void {
    this.limits.giveBack(this.held ?? 0);
    this.held = null;
  }

  end(): void {
    this.release();
    this.startTally();
  }

  admit(code: number, length: number): 'keep' | 'drop' {
    const name = String.fromCharCode(code);
    const kind = kindOf(name);
    if (!kind.phases.includes(this.phase)) throw new ProtocolViolation('a message comes out of turn');
    if (length > kind.maxLength) throw new ProtocolViolation('a message is too long for its kind');
    this.tally.frames += 1;
    if (this.phase !== 'ready') return this.admitOpening(length);
    if (name === 'N' || name === 'S' || name === 'A') return this.admitAside(name, length);
    return this.admitAnswer(name, length);
  }

  /** Looks at a whole frame before the parser does. */
  accept(frame: Buffer): void {
    const name = String.fromCharCode(frame.readUInt8(0));
    const kind = kindOf(name);
    const body = kind.maxLength === 0 ? NO_BODY : frame.subarray(HEADER_BYTES);
    if (!kind.hasItsShape(body)) throw new ProtocolViolation('a message does not have the shape of its kind');
    if (name === 'R') this.authenticate(authenticationOf(body));
    else if (name === 'T') this.tally.columns = columnCount(body);
    else if (name === 'D') this.assertDescribed(columnCount(body));
    else if (name === 'C' || name === 'I') this.endStatement();
    else if (name === 'E') this.fail();
    else if (name === 'Z') this.endExchange();
  }

  private admitOpening(length: number): 'keep' {
    this.openingBytes += length;
    if (this.tally.frames > MAX_OPENING_FRAMES || this.openingBytes > MAX_OPENING_BYTES) {
      throw new ProtocolViolation('the session is never ready');
    }
    return 'keep';
  }

  /** What comes beside answers, or between them. */
  private admitAside(name: string, length: number): 'keep' | 'drop' {
    const { tally } = this;
    if (this.exchanges.length === 0) return this.admitIdle();
    tally.notices += 1;
    if (tally.notices > MAX_NOTICES) throw new ResultTooLarge({ name: 'MAX_NOTICES', max: MAX_NOTICES });
    if (name !== 'N') return 'drop';
    if (tally.notices <= MAX_NOTICES_READ && length <= MAX_NOTICE_BYTES) return 'keep';
    this.unread += 1;
    return 'drop';
  }

  private admitIdle(): 'drop' {
    if (this.tally.frames > MAX_IDLE_FRAMES) throw new ProtocolViolation('the server talks without being asked');
    return 'drop';
  }

  private admitAnswer(name: string, length: number): 'keep' | 'drop' {
    const [exchange] = this.exchanges;
    if (exchange === undefined && name !== 'E') throw new ProtocolViolation('an answer that nobody has asked for');
    if (this.tally.failed && name !== 'E' && name !== 'Z') throw new ProtocolViolation('an answer behind an error');
    if (COPY_CODES.includes(name)) return this.admitCopy(name, exchange?.copies);
    if (name === 'D') return this.admitRow(exchange?.dropRows === true, length);
    this.countAnswer(length);
    return 'keep';
  }

  private admitCopy(name: string, copies: Exchange['copies']): 'keep' | 'drop' {
    const { tally } = this;
    const begins = name === (copies === 'in' ? 'G' : 'H');
    const fits = copies !== undefined && (begins ? !tally.copying : copies === 'out' && tally.copying);
    if (!fits) throw new ProtocolViolation('a COPY that nobody asked for');
    tally.copying = true;
    // Like rows, what is copied has no bound.
    if (!begins) tally.frames -= 1;
    return copies === 'in' ? 'keep' : 'drop';
  }

  private admitRow(drop: boolean, length: number): 'keep' | 'drop' {
    const { tally, limits } = this;
    tally.columns ??= this.reader?.columns ?? null;
    if (tally.columns === null) throw new ProtocolViolation('rows come without a description');
    // Rows have bounds of their own.
    tally.frames -= 1;
    if (drop) return 'drop';
    tally.rows += 1;
    const { maxRows } = limits.results;
    if (tally.rows > maxRows) throw new ResultTooLarge({ name: 'MAX_RESULT_ROWS', max: maxRows });
    this.reserve(length, ROW_MEMORY_BYTES + VALUE_MEMORY_BYTES * tally.columns);
    return 'keep';
  }

  private countAnswer(length: number): void {
    const isIdle = this.exchanges.length === 0;
    if (this.tally.frames - this.tally.notices > (isIdle ? MAX_IDLE_FRAMES : MAX_ANSWER_FRAMES)) {
      throw new ProtocolViolation('an answer has no end');
    }
    this.reserve(length);
  }

  /** Before anything of the message is kept. */
  private reserve(length: number, overhead = 0): void {
    const { tally, limits } = this;
    const { maxBytes } = limits.results;
    const memory = length + overhead;
    tally.bytes += length;
    if (tally.bytes > maxBytes || tally.reserved + (this.held ?? 0) + memory > limits.maxHeldBytes) {
      throw new ResultTooLarge({ name: 'MAX_RESULT_BYTES', max: maxBytes });
    }
    if (!limits.take(memory)) throw new AnswersCrowded();
    tally.reserved += memory;
  }

  private assertDescribed(columns: number): void {
    if (columns !== this.tally.columns) throw new ProtocolViolation('a row does not fit its description');
  }

  private endStatement(): void {
    Object.assign(this.tally, { rows: 0, bytes: 0, columns: null });
  }

  private fail(): void {
    // Nobody's answer, or the second one: the end of the session, as when the server shuts down.
    this.over = this.phase !== 'ready' || this.tally.failed || this.exchanges.length === 0;
    this.endStatement();
    this.tally.failed = true;
  }

  private endExchange(): void {
    if (this.phase === 'starting') this.phase = 'ready';
    else this.exchanges.shift()?.ended?.(this.tally.failed);
    this.startTally();
  }

  private startTally(): void {
    if (this.held === null) this.limits.giveBack(this.tally.reserved);
    else this.held += this.tally.reserved;
    this.tally = newTally();
  }

  /** Each request comes once, and those of SASL in their order: the driver would compute for each one that comes. */
  private authenticate(request: number): void {
    if (!FOLLOWS.has(request)) throw new ProtocolViolation('it asks for an authentication that is not supported');
    if (!(FOLLOWS.get(request) as readonly (number | null)[]).includes(this.authentication)) {
      throw new ProtocolViolation('authentication comes out of turn');
    }
    this.authentication = request;
    if (request === AUTHENTICATION.ok) this.phase = 'starting';
  }
}

const { ok, cleartext, md5, sasl, saslContinue, saslFinal } = AUTHENTICATION;

/** What an authentication request may follow; null = nothing. */
const FOLLOWS: ReadonlyMap<number, readonly (number | null)[]> = new Map([
  [ok, [null, cleartext, md5, saslFinal]],
  [cleartext, [null]],
  [md5, [null]],
  [sasl, [null]],
  [saslContinue, [sasl]],
  [saslFinal, [saslContinue]],
]);

function kindOf(name: string): MessageKind {
  const kind = MESSAGES.get(name);
  if (kind !== undefined) return kind;
  throw new ProtocolViolation('an unknown message');
}

function newTally(): Tally {
  return { frames: 0, notices: 0, rows: 0, bytes: 0, reserved: 0, columns: null, failed: false, copying: false };
}
