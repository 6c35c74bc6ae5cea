import { afterEach, describe, expect, it } from '@jest/globals';
import type { OwnedRun, Uuid } from '@eden/domain';
import type { EngineDeps } from '../deps.js';
import { keepOwnership } from './ownership.js';
import type { Ownership } from './ownership.js';

const LEASE_MS = 30;

interface Deferred<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
}

function defer<T>(): Deferred<T> {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((settle) => (resolve = settle));
  return { promise, resolve };
}

/** A journal whose heartbeats are answered by the test, in the order that it likes. */
class Heartbeats {
  private readonly waiting: ((renewed: boolean) => void)[] = [];
  private arrival = defer<void>();

  private released: (runUuid: Uuid | null) => void = () => undefined;

  readonly onReleased = (listener: (runUuid: Uuid | null) => void): (() => void) => {
    this.released = listener;
    return () => (this.released = () => undefined);
  };

  /** Somebody takes a run from its owner. */
  release(runUuid: string): void {
    this.released(runUuid as Uuid);
  }

  readonly heartbeat = (): Promise<boolean> => {
    const { promise, resolve } = defer<boolean>();
    this.waiting.push(resolve);
    this.arrival.resolve();
    return promise;
  };

  /** Answers the next one, now or when it comes. */
  async answer(renewed: boolean): Promise<void> {
    if (this.waiting.length === 0) await this.arrival.promise;
    this.arrival = defer();
    this.waiting.shift()?.(renewed);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function every(ms: number, work: () => void): () => void {
  const timer = setInterval(work, ms);
  return () => {
    clearInterval(timer);
  };
}

function atEpoch(epoch: number): OwnedRun {
  return { run: { uuid: 'r', epoch }, owner: 'me' } as unknown as OwnedRun;
}

describe('the ownership of a run', () => {
  let ownership: Ownership | undefined;

  afterEach(() => ownership?.stop());

  function keep(journal: Heartbeats, leaseMs = LEASE_MS): Ownership {
    const log = { warn: () => undefined } as unknown as EngineDeps['telemetry']['log'];
    const settings = { owner: 'me', leaseMs, lockTimeoutMs: 1, maxAttempts: 1, keptDays: 90, maxParallel: 1 };
    const clock = { every };
    ownership = keepOwnership({ journal, telemetry: { log }, settings, clock }, atEpoch(1));
    return ownership;
  }

  it('is lost when a heartbeat is refused, and not before', async () => {
    const journal = new Heartbeats();
    const { signal } = keep(journal);
    await journal.answer(true);
    expect(signal.aborted).toBe(false);
    await journal.answer(false);
    expect(signal.aborted).toBe(true);
  });

  it('is not lost by a heartbeat that a change of epoch has overtaken, whichever answer comes first', async () => {
    const journal = new Heartbeats();
    const kept = keep(journal);
    const step = defer<OwnedRun>();
    const advanced = kept.advance(() => step.promise);
    await journal.answer(false);
    expect(kept.signal.aborted).toBe(false);
    step.resolve(atEpoch(2));
    await advanced;
    expect(kept.current.run.epoch).toBe(2);
    await journal.answer(true);
    expect(kept.signal.aborted).toBe(false);
  });

  it('asks at once, and not at the next heartbeat, when it hears that the run was taken away', async () => {
    const journal = new Heartbeats();
    const { signal } = keep(journal, 3_600_000);
    journal.release('another');
    journal.release('r');
    await journal.answer(false);
    expect(signal.aborted).toBe(true);
  });

  it('is lost by the next refusal when the change itself was refused', async () => {
    const journal = new Heartbeats();
    const kept = keep(journal);
    await expect(kept.advance(() => Promise.reject(new Error('fenced')))).rejects.toThrow('fenced');
    await journal.answer(false);
    expect(kept.signal.aborted).toBe(true);
  });
});
