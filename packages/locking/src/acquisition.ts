import { encodeHolder, type Claim } from './claim.js';
import type { Outage } from './outage.js';
import { Lease, type QuorumLock, type Votes } from './quorum-lock.js';
import { RetryPause } from './retry-pause.js';

/** The same for every request of a process. */
export interface AcquisitionSettings {
  readonly leaseMs: number;
  /** Mean pause after a renewal that found no quorum. */
  readonly retryDelayMs: number;
  /** Mean pause between two attempts that no master calls for; each is drawn between half and one and a half of it. */
  readonly pollMs: number;
  /** How long an intent outlives the attempt that left it: a few retries. */
  readonly patienceMs: number;
  readonly outage: Outage;
  /** How many masters make a majority. */
  readonly quorum: number;
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
 *       ↓ └─ pause over, or called ──┐
 *     pausing ───────────────────────┤
 *       ├─ another request of the process has handed it on ──────────────────→ granted
 *       ├─ `timeoutMs` over, or no quorum answers for a long time ───────────→ not granted
 *       └─ cancelled (also while asking) ────────────────────────────────────→ throws the reason
 *
 * After the last two the caller calls `abandon`, so that nothing stays behind on the masters. A failed attempt has
 * already given back what a minority granted; only the writer's intent and the place among the waiting outlive it.
 */
export class Acquisition {
  readonly pause: RetryPause;
  private attempts = 0;
  private inFlight: Promise<Outcome> | undefined;
  /** What another request of this process hands on. */
  private handed: Promise<Outcome> | undefined;
  private cancellation: { readonly reason: unknown } | undefined;
  private reject: ((reason: unknown) => void) | undefined;

  constructor(
    private readonly quorumLock: QuorumLock,
    private readonly claim: Claim,
    private readonly keys: string[],
    private readonly settings: AcquisitionSettings,
  ) {
    this.pause = new RetryPause(settings.quorum);
  }

  /** `timeoutMs` 0 tries once. @throws the reason of `cancel`, as soon as it is called */
  run(timeoutMs: number): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      this.reject = reject;
      if (this.cancellation === undefined) this.askUntil(performance.now() + timeoutMs).then(resolve, reject);
      else reject(this.cancellation.reason as Error);
    });
  }

  /** Ends the wait. What is under way goes on and is left to `abandon`. */
  cancel(reason: unknown): void {
    this.cancellation ??= { reason };
    this.reject?.(reason);
    this.pause.finish();
  }

  /** Whether it waits for nothing but to be called, or for somebody of its process to hand the lock on. */
  get isPausing(): boolean {
    return this.pause.isUnderWay && this.handed === undefined && this.cancellation === undefined;
  }

  /** While it pauses: another request of this process hands it the lock. Answers whether it has it now. */
  async receive(from: Lease): Promise<boolean> {
    this.handed = this.attempt((value) => this.quorumLock.handOn(from, value, this.settings.leaseMs));
    this.inFlight = this.handed;
    this.pause.finish();
    return (await this.handed) instanceof Lease;
  }

  /** One attempt. */
  async ask(): Promise<Outcome> {
    this.pause.restart();
    this.inFlight = this.attempt((value) => this.quorumLock.take(this.keys, value, this.settings.leaseMs));
    const outcome = await this.inFlight;
    const isAnswered = outcome instanceof Lease || outcome.reason === 'taken';
    this.settings.outage.note(isAnswered);
    return outcome;
  }

  /** Gives back a grant that nobody waits for any more. */
  async abandon(): Promise<void> {
    const [last] = await Promise.allSettled([this.inFlight]);
    if (last.status === 'fulfilled' && last.value instanceof Lease) await this.quorumLock.release(last.value);
  }

  private async askUntil(deadline: number): Promise<Outcome> {
    for (;;) {
      const outcome = await this.ask();
      const leftMs = deadline - performance.now();
      if (outcome instanceof Lease || leftMs <= 0 || this.isPointless) return outcome;
      await this.pause.last(Math.min(leftMs, this.settings.pollMs * (0.5 + Math.random())));
      const handed = await this.takeHanded();
      if (handed instanceof Lease) return handed;
      if (this.isPointless) return outcome;
    }
  }

  private async takeHanded(): Promise<Outcome | undefined> {
    const outcome = await this.handed;
    this.handed = undefined;
    return outcome;
  }

  private get isPointless(): boolean {
    return this.cancellation !== undefined || this.settings.outage.isLong;
  }

  private async attempt(take: (value: string) => Promise<Lease | Votes>): Promise<Outcome> {
    this.attempts += 1;
    const { patienceMs } = this.settings;
    const value = encodeHolder(this.claim, { number: this.attempts, since: Date.now(), patienceMs });
    const result = await take(value);
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
