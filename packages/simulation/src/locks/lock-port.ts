import { EdenError } from '@eden/domain';
import type {
  HeldLock,
  HeldWriteLock,
  Lockable,
  LockMode,
  LockPort,
  LockRequest,
  LockResource,
  LockView,
} from '@eden/domain';
import type { Process } from '../schedule/process.js';
import { Hold, ReadLease, ReadShare } from './held-lock.js';
import { nameOf, type Claim, type LockMasters } from './lock-masters.js';

/** How often those who wait ask by themselves. */
const POLL_MS = 200;

/** For how long a quorum may be silent before nobody waits for it any more. */
const OUTAGE_MS = 1_000;

/** A lease that nobody has used for that many thirds of its time is given back. */
const IDLE_ROUNDS = 3;

/** For the invariants. */
export interface LockWatch {
  granted(process: Process, hold: Hold, names: readonly string[]): void;
  /** What they were of is deleted: they keep nobody out of anything any more. */
  dropped(names: readonly string[]): void;
}

/** The lock as one process has it: what packages/locking does over its masters. */
export class SimulatedLocks implements LockPort {
  private readonly open = new Map<string, ReadLease>();
  private readonly requests = new Map<string, Promise<void>>();
  private readonly wakes = new Set<() => void>();

  constructor(
    private readonly masters: LockMasters,
    private readonly process: Process,
    private readonly ttlMs: number,
    private readonly watch: LockWatch,
  ) {
    const { clock } = process;
    masters.listen({
      process,
      onIntent: (name) => void this.open.get(name)?.close(),
      onReleased: () => this.wakeAll(),
    });
    clock.every(ttlMs / 3, () => void this.round());
  }

  async read(resources: readonly Lockable[], request: LockRequest): Promise<HeldLock> {
    const { clock } = this.process;
    const startedAt = clock.elapsedMs();
    const names = resources.map(nameOf);
    for (let round = 0; ; round += 1) {
      const leases = names.flatMap((name) => this.openLease(name) ?? []);
      if (leases.length === names.length) return new ReadShare(leases, clock.elapsedMs() - startedAt);
      const missing = names.filter((name) => this.openLease(name) === null);
      const leftMs = startedAt + request.timeoutMs - clock.elapsedMs();
      if (round > 0 && leftMs <= 0) throw timeout([]);
      await Promise.all(missing.map((name) => this.requestLease(name, { ...request, timeoutMs: Math.max(0, leftMs) })));
    }
  }

  async write(resources: readonly Lockable[], request: LockRequest): Promise<HeldWriteLock> {
    const names = resources.map(nameOf).sort();
    await Promise.all(names.flatMap((name) => this.open.get(name)?.close() ?? []));
    return this.acquire('write', names, request);
  }

  leaseOn(resource: Lockable): object | null {
    const lease = this.openLease(nameOf(resource));
    lease?.countUse();
    return lease;
  }

  async inspect(resource: LockResource): Promise<LockView> {
    const name = nameOf(resource);
    const seen = await this.masters.ask(this.process, 'inspect', [name], () => [
      this.masters.writerOf(name),
      this.masters.intentOf(name),
    ]);
    const [writer = null, intent = null] = seen.map((claim) => claim && participantOf(claim, this.process));
    return { resource, writer, readers: [], waiting: intent === null ? [] : [intent] };
  }

  drop(resources: readonly Lockable[]): Promise<void> {
    const names = resources.map(nameOf);
    return this.masters.ask(this.process, 'drop', names, () => {
      this.masters.drop(names);
      this.watch.dropped(names);
    });
  }

  check(): Promise<void> {
    return this.masters.ask(this.process, 'check', [], () => undefined);
  }

  private openLease(name: string): ReadLease | null {
    const lease = this.open.get(name);
    return lease?.isOpen === true ? lease : null;
  }

  private requestLease(name: string, request: LockRequest): Promise<void> {
    const running = this.requests.get(name);
    if (running !== undefined) return running;
    const wanted = this.acquireLease(name, request).finally(() => this.requests.delete(name));
    this.requests.set(name, wanted);
    return wanted;
  }

  private async acquireLease(name: string, request: LockRequest): Promise<void> {
    const hold = await this.acquire('read', [name], request);
    const lease: ReadLease = new ReadLease(name, hold, () => {
      if (this.open.get(name) === lease) this.open.delete(name);
    });
    if (this.masters.hasIntent(name)) void lease.close();
    else this.open.set(name, lease);
  }

  private async acquire(mode: LockMode, names: readonly string[], request: LockRequest): Promise<Hold> {
    const { clock } = this.process;
    let claim: Claim = {
      id: this.process.random.uuid(),
      attempt: 0,
      process: this.process.name,
      owner: request.owner,
    };
    const startedAt = clock.elapsedMs();
    const search = { startedAt, lastAnswerAt: startedAt, holders: [] as readonly string[] };
    for (;;) {
      request.signal?.throwIfAborted();
      claim = { ...claim, attempt: claim.attempt + 1 };
      const hold = await this.tryOnce(mode, names, claim, search);
      if (request.signal?.aborted === true) void hold?.release();
      request.signal?.throwIfAborted();
      if (hold !== null) return hold;
      if (clock.elapsedMs() - search.lastAnswerAt > OUTAGE_MS) throw quorumAway();
      if (clock.elapsedMs() - startedAt >= request.timeoutMs) {
        this.abandon(names, claim);
        throw timeout(search.holders);
      }
      await this.pause(Math.min(POLL_MS, startedAt + request.timeoutMs - clock.elapsedMs()), request.signal);
    }
  }

  private async tryOnce(
    mode: LockMode,
    names: readonly string[],
    claim: Claim,
    search: { readonly startedAt: number; lastAnswerAt: number; holders: readonly string[] },
  ): Promise<Hold | null> {
    const { process, masters, ttlMs } = this;
    const askedAt = process.elapsedMs;
    try {
      const acquired = await masters.ask(process, `acquire-${mode}`, names, () =>
        masters.acquire(mode, names, claim, ttlMs),
      );
      search.lastAnswerAt = process.elapsedMs;
      if (!acquired.granted) {
        search.holders = acquired.holders;
        return null;
      }
    } catch {
      return null;
    }
    const waitedMs = process.elapsedMs - search.startedAt;
    const hold = new Hold({ masters, process, ttlMs, claim, names, mode, askedAt, waitedMs });
    // What is granted later than its own duration is given back.
    if (hold.signal.aborted) {
      await hold.release();
      return null;
    }
    this.watch.granted(process, hold, names);
    return hold;
  }

  private abandon(names: readonly string[], claim: Claim): void {
    this.masters.ask(this.process, 'abandon', names, () => this.masters.release(names, claim)).catch(() => undefined);
  }

  private pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        cancel();
        this.wakes.delete(wake);
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      const cancel = this.process.clock.after(Math.max(1, ms), wake);
      this.wakes.add(wake);
      signal?.addEventListener('abort', wake);
    });
  }

  private wakeAll(): void {
    for (const wake of [...this.wakes]) wake();
  }

  /** A message may have been lost, so the intents are read as well. */
  private async round(): Promise<void> {
    for (const lease of [...this.open.values()]) if (lease.countIdleRounds() >= IDLE_ROUNDS) void lease.close();
    const names = [...this.open.keys()];
    if (names.length === 0) return;
    try {
      const contested = await this.masters.ask(this.process, 'intents', names, () =>
        names.filter((name) => this.masters.hasIntent(name)),
      );
      for (const name of contested) void this.open.get(name)?.close();
    } catch {
      // The next round asks again; a quorum that stays away ends the leases.
    }
  }
}

function participantOf({ process, owner }: Claim, { clock }: Process) {
  const fence = owner.fence === undefined ? {} : { fence: owner.fence };
  return { process, purpose: owner.purpose, since: clock.now(), count: 1, ...fence };
}

function timeout(holders: readonly string[]): EdenError {
  return new EdenError('LOCK_TIMEOUT', { holders });
}

function quorumAway(): EdenError {
  return new EdenError('SERVICE_UNAVAILABLE', { details: 'No quorum of lock masters answers' });
}
