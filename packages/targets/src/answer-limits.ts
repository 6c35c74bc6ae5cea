/** What one statement may answer. */
export interface ResultLimits {
  /** Bytes of its rows, as they travel. */
  readonly maxBytes: number;
  readonly maxRows: number;
}

export const DEFAULT_RESULTS: ResultLimits = { maxBytes: 8 * 1024 * 1024, maxRows: 100_000 };

/** The budget of the process, in answers of the greatest size; and how much of it one transaction may have. */
const PROCESS_SHARE = 16;
const TRANSACTION_SHARE = 8;

/** Memory of a process for what targets answer: while it is read, and until whoever asked has it. */
export interface AnswerMemory {
  /** For what is in memory already: where it takes more than there is, nothing more is read until it was given back. */
  hold(bytes: number): void;
  giveBack(bytes: number): void;
}

/** The limits of each statement, and the memory that all connections of a process may fill with answers in flight. */
export class AnswerLimits implements AnswerMemory {
  /** Of all answers that one transaction holds, in bytes of memory. */
  readonly maxHeldBytes: number;
  private free: number;

  constructor(readonly results: ResultLimits) {
    this.maxHeldBytes = results.maxBytes * TRANSACTION_SHARE;
    this.free = results.maxBytes * PROCESS_SHARE;
  }

  /** False when there is no room: then nothing was taken. */
  take(bytes: number): boolean {
    if (bytes > this.free) return false;
    this.free -= bytes;
    return true;
  }

  hold(bytes: number): void {
    this.free -= bytes;
  }

  giveBack(bytes: number): void {
    this.free += bytes;
  }
}
