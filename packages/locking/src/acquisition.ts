import { setTimeout as delay } from 'node:timers/promises';
import { encodeHolder, type Claim } from './claim.js';
import type { Outage } from './outage.js';
import { Lease, type QuorumLock, type Votes } from './quorum-lock.js';

/** The same for every request of a process. */
export interface AcquisitionSettings {
  readonly leaseMs: number;
  /** Mean pause between two attempts; each pause is drawn between half and one and a half of it. */
  readonly retryDelayMs: number;
  /** How long an intent outlives the attempt that left it: a few retries. */
  readonly patienceMs: number;
  readonly outage: Outage;
}

export interface Waiting {
  /** 0 tries once. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Why a lock was not granted: others hold it, or too few masters answered (the last time they were asked). */
export interface NotGranted {
  readonly reason: 'taken' | 'unavailable';
  readonly answering: number;
}

type Outcome = Lease | NotGranted;

/**
 * One request for a lock.
 *
 *     asking ── quorum for it, lease still good ─────────────────────────────→ granted
 *       │ ↑
 *       ↓ └─ pause over ──┐
 *     pausing ────────────┤
 *       ├─ `timeoutMs` over, or no quorum answers for a long time ───────────→ not granted
 *       └─ signal aborted (also while asking) ───────────────────────────────→ throws the signal's reason
 *
 * After the last two the caller calls `abandon`, so that nothing stays behind on the masters. A failed attempt has
 * already given back what a minority granted; only the writer's intent and the place among the waiting outlive it.
 */
export class Acquisition {
  private attempts = 0;
  private inFlight: Promise<Outcome> | undefined;

  constructor(
    private readonly quorumLock: QuorumLock,
    private readonly claim: Claim,
    private readonly keys: string[],
    private readonly settings: AcquisitionSettings,
  ) {}

  /** @throws the signal's reason */
  async run({ timeoutMs, signal }: Waiting): Promise<Outcome> {
    const deadline = performance.now() + timeoutMs;
    for (;;) {
      const outcome = await this.ask(signal);
      if (outcome instanceof Lease) return outcome;
      const leftMs = deadline - performance.now();
      if (leftMs <= 0 || this.settings.outage.isLong) return outcome;
      await pause(Math.min(leftMs, this.settings.retryDelayMs * (0.5 + Math.random())), signal);
    }
  }

  /** One attempt. @throws the signal's reason */
  async ask(signal: AbortSignal): Promise<Outcome> {
    signal.throwIfAborted();
    this.inFlight = this.attempt();
    const outcome = await untilAborted(this.inFlight, signal);
    const isAnswered = outcome instanceof Lease || outcome.reason === 'taken';
    this.settings.outage.note(isAnswered);
    return outcome;
  }

  /** Gives back a grant that nobody waits for any more. */
  async abandon(): Promise<void> {
    const [last] = await Promise.allSettled([this.inFlight]);
    if (last.status === 'fulfilled' && last.value instanceof Lease) await this.quorumLock.release(last.value);
  }

  private async attempt(): Promise<Outcome> {
    this.attempts += 1;
    const { leaseMs, patienceMs } = this.settings;
    const value = encodeHolder(this.claim, { number: this.attempts, since: Date.now(), patienceMs });
    const result = await this.quorumLock.take(this.keys, value, leaseMs);
    if (!(result instanceof Lease)) return notGranted(result);
    if (result.remainingMs > 0) return result;
    // Expired on arrival: the answers took longer than the lease is good for.
    await this.quorumLock.release(result);
    return { reason: 'unavailable', answering: 0 };
  }
}

function notGranted({ granted, refused, quorum }: Votes): NotGranted {
  const answering = granted + refused;
  return { reason: answering >= quorum ? 'taken' : 'unavailable', answering };
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(ms, undefined, { signal });
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}

/** @throws the signal's reason as soon as it is aborted; `work` goes on and is left to the caller. */
async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const settled = new AbortController();
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true, signal: settled.signal });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    settled.abort();
  }
}
