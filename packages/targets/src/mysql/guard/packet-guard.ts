import type { AnswerLimits } from '../../answer-limits.js';
import { AnswersCrowded, ProtocolViolation, ResultTooLarge } from './guard-errors.js';

/** What the driver hands the bytes of a server to: its parser, behind TLS where there is TLS. */
export interface PacketSink {
  execute(chunk: Buffer): void;
}

const HEADER_BYTES = 4;
/** A payload of this length goes on in the next packet. */
const MAX_PAYLOAD_BYTES = 0xff_ffff;

/** Until the session is ready a server has little to say. */
const MAX_OPENING_BYTES = 64 * 1024;
/** Column definitions of one answer. */
const MAX_COLUMNS = 4096;
const MAX_DEFINITION_BYTES = 64 * 1024;
/** What a row and a value take in memory on top of their bytes. */
const ROW_MEMORY_BYTES = 32;
const VALUE_MEMORY_BYTES = 16;

const [OK, LOCAL_INFILE, END, ERROR] = [0x00, 0xfb, 0xfe, 0xff];
/** The longest packet that ends rows; a longer one with the same first byte is a row. */
const MAX_END_BYTES = 9;
const LEAST_END_BYTES = 5;
const LEAST_ERROR_BYTES = 3;
const LEAST_OK_BYTES = 7;

type Expected = 'opening' | 'nothing' | 'header' | 'definition' | 'end of definitions' | 'row';

/**
 * Between the socket and the driver's parser: cuts the stream into packets, refuses what no MariaDB says at that point,
 * bounds each answer before anything of it is kept, and drops the rows that nobody wants unread.
 *
 *   opening ──(ready)──▶ nothing ──(asked)──▶ header ──▶ definition… ──▶ row… ──▶ nothing
 *
 * @throws ProtocolViolation, ResultTooLarge, AnswersCrowded
 */
export class PacketGuard {
  /** Rows of the last answer, whether anybody has read them or not. */
  rows = 0;
  private expected: Expected = 'opening';
  private dropRows = false;
  private header = Buffer.alloc(HEADER_BYTES);
  private headerBytes = 0;
  /** Of the payload that is being read. */
  private left = 0;
  private parts: Buffer[] = [];
  private dropping = false;
  /** The packet goes on in the next one. */
  private continued = false;
  private openingBytes = 0;
  private definitions = 0;
  private columns = 0;
  private bytes = 0;
  private reserved = 0;
  private held: number | null = null;
  /** Packets of the answer so far. */
  private packets = 0;
  /** Packets that were dropped: the driver counts those that it gets. */
  private sequenceShift = 0;

  constructor(
    private readonly sink: PacketSink,
    private readonly limits: AnswerLimits,
  ) {}

  /** Authentication is over. */
  ready(): void {
    this.expected = 'nothing';
  }

  asked(dropRows: boolean): void {
    this.expected = 'header';
    this.dropRows = dropRows;
    this.rows = 0;
    this.bytes = 0;
    this.sequenceShift = 0;
    this.packets = 0;
  }

  /** From now on whoever asks keeps the answers until `release`, and they count together. */
  hold(): void {
    this.held ??= 0;
  }

  /** Gives back what answers have taken. */
  release(): void {
    this.limits.giveBack((this.held ?? 0) + this.reserved);
    this.held = null;
    this.reserved = 0;
  }

  execute(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length) {
      if (this.headerBytes < HEADER_BYTES) at += this.readHeader(chunk, at);
      else at += this.readPayload(chunk, at);
      if (this.headerBytes === HEADER_BYTES && this.left === 0) this.endPacket();
    }
  }

  private readHeader(chunk: Buffer, at: number): number {
    const bytes = chunk.copy(this.header, this.headerBytes, at, at + HEADER_BYTES - this.headerBytes);
    this.headerBytes += bytes;
    if (this.headerBytes === HEADER_BYTES) {
      this.left = this.header.readUIntLE(0, 3);
      this.parts = [];
      this.dropping = this.continued && this.dropping;
      this.assertInOrder();
      if (this.left === 0 && !this.continued) throw new ProtocolViolation('a packet is empty');
    }
    return bytes;
  }

  /** Those of an answer are numbered from 1 on, and from 0 on again behind 255. */
  private assertInOrder(): void {
    if (this.expected === 'opening' || this.expected === 'nothing') return;
    this.packets += 1;
    if (this.header.readUInt8(3) !== (this.packets & 0xff)) throw new ProtocolViolation('packets out of order');
  }

  private readPayload(chunk: Buffer, at: number): number {
    const bytes = Math.min(this.left, chunk.length - at);
    if (this.parts.length === 0 && !this.dropping) this.admit(chunk.readUInt8(at));
    if (!this.dropping) this.parts.push(chunk.subarray(at, at + bytes));
    else if (this.parts.length === 0) this.parts = [EMPTY];
    this.left -= bytes;
    return bytes;
  }

  /** Before anything of the packet is kept. */
  private admit(first: number): void {
    const length = this.left;
    if (this.expected === 'opening') return this.admitOpening(length);
    if (this.expected === 'nothing') throw new ProtocolViolation('it talks without being asked');
    const isRow = this.expected === 'row' && (this.continued || !isEnd(first, length));
    if (isRow) return this.admitRow(length);
    if (this.continued || length > MAX_DEFINITION_BYTES)
      throw new ProtocolViolation('a packet is too long for its kind');
    this.reserve(length);
  }

  private admitOpening(length: number): void {
    this.openingBytes += length;
    if (this.openingBytes > MAX_OPENING_BYTES) throw new ProtocolViolation('the session is never ready');
  }

  private admitRow(length: number): void {
    if (!this.continued) this.rows += 1;
    this.dropping = this.dropRows;
    if (this.dropping) return;
    const { maxRows } = this.limits.results;
    if (this.rows > maxRows) throw new ResultTooLarge({ name: 'MAX_RESULT_ROWS', max: maxRows });
    this.reserve(length, ROW_MEMORY_BYTES + VALUE_MEMORY_BYTES * this.columns);
  }

  private reserve(length: number, overhead = 0): void {
    const { limits } = this;
    const { maxBytes } = limits.results;
    const memory = length + overhead;
    this.bytes += length;
    if (this.bytes > maxBytes || this.reserved + (this.held ?? 0) + memory > limits.maxHeldBytes) {
      throw new ResultTooLarge({ name: 'MAX_RESULT_BYTES', max: maxBytes });
    }
    if (!limits.take(memory)) throw new AnswersCrowded();
    this.reserved += memory;
  }

  private endPacket(): void {
    const length = this.header.readUIntLE(0, 3);
    const payload = this.dropping ? EMPTY : Buffer.concat(this.parts);
    const wasContinued = this.continued;
    this.headerBytes = 0;
    this.parts = [];
    this.continued = length === MAX_PAYLOAD_BYTES;
    if (this.dropping) {
      this.sequenceShift += 1;
      return;
    }
    if (!wasContinued) this.turn(payload);
    const header = Buffer.from(this.header);
    header.writeUInt8((header.readUInt8(3) - this.sequenceShift) & 0xff, 3);
    this.sink.execute(Buffer.concat([header, payload]));
  }

  /** What comes behind this packet. */
  private turn(payload: Buffer): void {
    const first = payload.readUInt8(0);
    if (payload.length < leastBytes(first, payload.length)) throw new ProtocolViolation('a packet is cut off');
    if (this.expected === 'opening') return;
    if (first === ERROR) return this.endAnswer();
    if (this.expected === 'header') return this.turnHeader(first, payload);
    if (this.expected === 'definition') {
      this.definitions -= 1;
      if (this.definitions === 0) this.expected = 'end of definitions';
    } else if (this.expected === 'end of definitions') {
      if (!isEnd(first, payload.length)) throw new ProtocolViolation('rows without an end of their description');
      this.expected = 'row';
    } else if (isEnd(first, payload.length)) this.endRows(payload);
  }

  private turnHeader(first: number, payload: Buffer): void {
    if (first === LOCAL_INFILE) throw new ProtocolViolation('it asks for a file of this machine');
    if (first === OK) return this.endOk(payload.length);
    this.columns = first < LOCAL_INFILE ? first : first === 0xfc && payload.length === 3 ? payload.readUInt16LE(1) : 0;
    if (this.columns < 1 || this.columns > MAX_COLUMNS) throw new ProtocolViolation('an answer without columns');
    this.definitions = this.columns;
    this.expected = 'definition';
  }

  private endOk(length: number): void {
    if (length < LEAST_OK_BYTES) throw new ProtocolViolation('a packet is cut off');
    this.endAnswer();
  }

  /** A procedure gives further results; the last one has no rows. */
  private endRows(payload: Buffer): void {
    const hasMore = payload.length >= 5 && (payload.readUInt16LE(3) & MORE_RESULTS) !== 0;
    if (hasMore) this.expected = 'header';
    else this.endAnswer();
  }

  private endAnswer(): void {
    this.expected = 'nothing';
    if (this.held === null) this.limits.giveBack(this.reserved);
    else this.held += this.reserved;
    this.reserved = 0;
  }
}

const EMPTY = Buffer.alloc(0);
/** SERVER_MORE_RESULTS_EXISTS */
const MORE_RESULTS = 0x0008;

/** An error has its number; what else is this short holds a row or a column. */
function leastBytes(first: number, length: number): number {
  if (first === ERROR) return LEAST_ERROR_BYTES;
  return isEnd(first, length) ? LEAST_END_BYTES : 1;
}

function isEnd(first: number, length: number): boolean {
  return first === ERROR || (first === END && length < MAX_END_BYTES);
}
