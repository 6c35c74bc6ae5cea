import { ProtocolViolation } from './guard-errors.js';

/** Code (one byte) and length (four bytes, which count themselves and the body). */
export const HEADER_BYTES = 5;
const LENGTH_BYTES = 4;
const LARGEST_LENGTH = 0x7fff_ffff;
/** Frames without a body, by their code: most of what a server says. */
const BARE: readonly Buffer[] = Array.from({ length: 256 }, (_, code) => Buffer.from([code, 0, 0, 0, LENGTH_BYTES]));

/** What becomes of the frames that a server sends. Either call may throw; the reader is of no use afterwards. */
export interface FrameSink {
  /** Decides by the header alone, before anything of the body is kept. `length` is that of the body. */
  admit(code: number, length: number): 'keep' | 'drop';
  /** A whole frame, its header included. */
  take(frame: Buffer): void;
}

/**
 * Cuts what arrives into frames. Frames that are to be dropped pass by without being kept; of one that is unfinished,
 * never more than twice what has arrived of it is held, whatever its header announces.
 */
export class FrameReader {
  private stopped = false;
  /** Bytes still to come of a frame that is dropped. */
  private skipping = 0;
  /** The beginning of a frame that is unfinished. */
  private held: Buffer = Buffer.alloc(0);
  private heldLength = 0;
  /** Whole length of that frame; 0 while its header is unfinished. */
  private wanted = 0;

  constructor(private readonly sink: FrameSink) {}

  push(chunk: Buffer): void {
    for (let offset = 0; offset < chunk.length && !this.stopped;) offset = this.advance(chunk, offset);
  }

  /** Nothing is looked at any more, not even the rest of the current chunk. */
  stop(): void {
    this.stopped = true;
  }

  /** Answers the offset of what comes next. */
  private advance(chunk: Buffer, offset: number): number {
    if (this.skipping > 0) return this.skip(chunk, offset);
    if (this.heldLength > 0) return this.fill(chunk, offset);
    const available = chunk.length - offset;
    if (available < HEADER_BYTES) return this.hold(chunk, offset, available);
    const total = this.begin(chunk, offset);
    if (total === null) return offset;
    if (available < total) {
      this.wanted = total;
      return this.hold(chunk, offset, available);
    }
    const bare = total === HEADER_BYTES ? BARE[chunk.readUInt8(offset)] : undefined;
    this.sink.take(bare ?? chunk.subarray(offset, offset + total));
    return offset + total;
  }

  private skip(chunk: Buffer, offset: number): number {
    const count = Math.min(this.skipping, chunk.length - offset);
    this.skipping -= count;
    return offset + count;
  }

  private fill(chunk: Buffer, offset: number): number {
    const target = this.wanted || HEADER_BYTES;
    const next = this.hold(chunk, offset, Math.min(target - this.heldLength, chunk.length - offset));
    if (this.heldLength === HEADER_BYTES && this.wanted === 0) this.beginHeld();
    if (this.heldLength === this.wanted) this.finishHeld();
    return next;
  }

  private beginHeld(): void {
    const total = this.begin(this.held, 0);
    if (total !== null) {
      this.wanted = total;
      return;
    }
    this.skipping -= HEADER_BYTES;
    this.heldLength = 0;
  }

  private finishHeld(): void {
    if (this.wanted === 0) return;
    const frame = this.held.subarray(0, this.wanted);
    this.held = Buffer.alloc(0);
    this.heldLength = 0;
    this.wanted = 0;
    this.sink.take(frame);
  }

  /** The whole length of a frame that is kept; null for one that is dropped. */
  private begin(bytes: Buffer, offset: number): number | null {
    const length = bytes.readUInt32BE(offset + 1);
    if (length < LENGTH_BYTES || length > LARGEST_LENGTH) {
      throw new ProtocolViolation('a message has an impossible length');
    }
    const total = 1 + length;
    if (this.sink.admit(bytes.readUInt8(offset), length - LENGTH_BYTES) === 'keep') return total;
    this.skipping = total;
    return null;
  }

  private hold(chunk: Buffer, offset: number, count: number): number {
    const needed = this.heldLength + count;
    if (needed > this.held.length) {
      const grown = Buffer.allocUnsafe(Math.max(needed, Math.min(this.wanted, 2 * needed), HEADER_BYTES));
      this.held.copy(grown, 0, 0, this.heldLength);
      this.held = grown;
    }
    chunk.copy(this.held, this.heldLength, offset, offset + count);
    this.heldLength = needed;
    return offset + count;
  }
}
