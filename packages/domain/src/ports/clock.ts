/**
 * Time as a process sees it. Engine, work and API executions take it from here and from nowhere else, so that they can
 * run on simulated time. All lengths are milliseconds.
 */
export interface Clock {
  /** The calendar's time, which may be set. */
  now(): Date;
  /** A clock that never goes back; only the difference of two readings means anything. */
  elapsedMs(): number;
  /** @throws the signal's reason, as soon as it aborts */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Calls back once after `ms`. Answers the function that prevents it. Keeps no process alive. */
  after(ms: number, work: () => void): () => void;
  /** Calls back again and again. Answers the function that ends it. Keeps no process alive. */
  every(ms: number, work: () => void): () => void;
}

/** Randomness and ids; from here and nowhere else for the same reason. */
export interface Chance {
  /** Evenly between 0 (included) and 1 (excluded). */
  fraction(): number;
  uuid(): string;
}
