import type { HeldLock, Lockable, LockOwner, LockRequest } from '@eden/domain';
import type { Redis } from 'ioredis';
import type { AcquisitionSettings, NotGranted } from './acquisition.js';
import { LeaseRequest, type Grant } from './lease-request.js';
import type { Masters } from './masters.js';
import { keyOf, resourceName, resourceNameOf, userCountKey } from './names.js';
import { ReadLease } from './read-lease.js';
import { ReadShare } from './read-share.js';
import { closedError, type Ticket, type Tickets } from './tickets.js';

/** A lease that nobody has used for that many thirds of its time is given back. */
const IDLE_ROUNDS = 3;

export interface ReadLeasesOptions {
  readonly masters: Masters;
  readonly tickets: Tickets;
  readonly settings: AcquisitionSettings;
}

/** How often a reader whose time is over may still find that one lease was closed while it waited for another. */
const MAX_LATE_ROUNDS = 3;

/**
 * All readers of this process, under one lease per resource. Who finds the leases of all its resources open gets in
 * without asking any master; who does not waits for what is missing, and holds nothing while it waits: to hold one
 * resource while waiting for another could make a reader and a writer wait for each other.
 *
 * A lease is closed as soon as a writer is heard to wait. A message may be lost, so every third of a lease the intents
 * are read from all masters as well, and whenever a master can be heard again.
 */
export class ReadLeases {
  private readonly open = new Map<string, ReadLease>();
  private readonly requests = new Map<string, LeaseRequest>();
  /** Those that are still on the masters, also closed ones, by the id of their claim. */
  private readonly held = new Map<string, ReadLease>();
  private readonly rounds: NodeJS.Timeout;

  constructor(private readonly options: ReadLeasesOptions) {
    this.rounds = setInterval(() => void options.tickets.track(this.round()), options.settings.leaseMs / 3);
  }

  /** Why not, when a resource stayed taken for all of the time. @throws the signal's reason, or that we are closing */
  async read(resources: readonly Lockable[], request: LockRequest): Promise<HeldLock | NotGranted> {
    request.signal?.throwIfAborted();
    const atOnce = this.openLeases(resources);
    if (atOnce !== null) return new ReadShare(atOnce, 0);
    const startedAt = performance.now();
    const deadline = startedAt + request.timeoutMs;
    for (let lateRounds = 0; ;) {
      const refusal = await this.waitForMissing(resources, request, deadline);
      if (refusal !== null) return refusal;
      const leases = this.openLeases(resources);
      if (leases !== null) return new ReadShare(leases, performance.now() - startedAt);
      if (performance.now() > deadline) lateRounds += 1;
      if (lateRounds > MAX_LATE_ROUNDS) return { reason: 'taken', answering: this.options.masters.quorum };
    }
  }

  /** One that counts for whoever is under no lock; it is no more idle than under a reader. */
  leaseOn(resource: Lockable): ReadLease | null {
    const lease = this.open.get(resourceName(resource));
    if (lease?.isOpen !== true || !lease.isUnbroken) return null;
    lease.countUse();
    return lease;
  }

  /** Makes way for somebody of this process, who does not have to leave an intent to be heard. */
  async giveUp(resources: readonly Lockable[]): Promise<void> {
    await Promise.all(resources.map(async (resource) => this.open.get(resourceName(resource))?.close()));
  }

  /** Readers of this process under the lease of that claim; undefined when the claim is not ours. */
  userCount(claimId: string): number | undefined {
    return this.held.get(claimId)?.userCount;
  }

  async close(): Promise<void> {
    clearInterval(this.rounds);
    for (const request of this.requests.values()) request.end(closedError());
    await Promise.all([...this.held.values()].map((lease) => lease.end()));
  }

  private openLeases(resources: readonly Lockable[]): ReadLease[] | null {
    const leases: ReadLease[] = [];
    for (const resource of resources) {
      const lease = this.open.get(resourceName(resource));
      if (lease?.isOpen !== true) return null;
      leases.push(lease);
    }
    return leases;
  }

  private async waitForMissing(
    resources: readonly Lockable[],
    { owner, signal }: LockRequest,
    deadline: number,
  ): Promise<NotGranted | null> {
    const missing = resources.filter((resource) => this.open.get(resourceName(resource))?.isOpen !== true);
    const refusals = await Promise.all(
      missing.map((resource) => this.requestFor(resource, owner).wait(deadline, signal)),
    );
    return refusals.find((refusal) => refusal !== null) ?? null;
  }

  private requestFor(resource: Lockable, owner: LockOwner): LeaseRequest {
    const name = resourceName(resource);
    const existing = this.requests.get(name);
    if (existing !== undefined) return existing;
    const { tickets, masters, settings } = this.options;
    const ticket = tickets.open('read', [resource], owner);
    const request = new LeaseRequest({
      ticket,
      connected: masters.connected,
      pollMs: settings.pollMs,
      isOutage: () => settings.outage.isLong,
      onGranted: (grant) => {
        this.requests.delete(name);
        this.keep(resource, ticket, grant);
      },
      onGivenUp: () => {
        this.requests.delete(name);
        void tickets.abandon(ticket);
      },
    });
    this.requests.set(name, request);
    return request;
  }

  private keep(resource: Lockable, ticket: Ticket, { granted, isContested }: Grant): void {
    const { claim } = ticket;
    const name = resourceName(resource);
    const hold = this.options.tickets.hold(ticket, granted, 0);
    const lease: ReadLease = new ReadLease({
      hold,
      claimId: claim.id,
      countKey: userCountKey(resource, claim.id),
      onClosed: () => void (this.open.get(name) === lease && this.open.delete(name)),
      onGivenBack: () => this.forget(lease),
    });
    this.held.set(claim.id, lease);
    if (isContested) void lease.close();
    else this.open.set(name, lease);
  }

  /** Learns of the intents that were left while a master could not be heard. */
  catchUp(): void {
    void this.options.tickets.track(this.readIntents());
  }

  /** A lock was given back on a master, and only readers wait for it. */
  call(key: string, master: Redis): void {
    this.requests.get(resourceNameOf(key))?.call(master);
  }

  /** A writer waits. */
  contest(intentKey: string): void {
    const name = resourceNameOf(intentKey);
    this.requests.get(name)?.contest();
    void this.open.get(name)?.close();
  }

  private async round(): Promise<void> {
    for (const lease of this.open.values()) {
      if (lease.countIdleRounds() >= IDLE_ROUNDS) void lease.close();
    }
    await Promise.all([this.readIntents(), this.tellCounts()]);
  }

  private async readIntents(): Promise<void> {
    const keys = [...this.open.keys()].map((name) => keyOf(name, 'intent'));
    if (keys.length === 0) return;
    const answers = await this.options.masters.answers((master) => master.mget(keys));
    for (const intents of answers) {
      for (const [index, key] of keys.entries()) if (typeof intents[index] === 'string') this.contest(key);
    }
  }

  /** For people: how many readers are behind a lease, only its process knows. */
  private async tellCounts(): Promise<void> {
    const { masters, settings } = this.options;
    const leases = [...this.held.values()];
    if (leases.length === 0) return;
    await masters.answers((master) => {
      const pipeline = master.pipeline();
      for (const { countKey, userCount } of leases) pipeline.set(countKey, userCount, 'PX', settings.leaseMs);
      return pipeline.exec();
    });
  }

  private async forget(lease: ReadLease): Promise<void> {
    this.held.delete(lease.claimId);
    await this.options.masters.answers((master) => master.del(lease.countKey));
  }
}
