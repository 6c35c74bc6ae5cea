import type { Uuid } from '../ids.js';

export interface PageRequest {
  /** 1..200 */
  readonly limit: number;
  /** Opaque; as given by the page before. @throws EdenError VALIDATION_FAILED when it is not one of ours. */
  readonly cursor: string | null;
  /** What the caller may not read. */
  readonly hidden?: readonly Uuid[];
}

/** Newest first. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}
