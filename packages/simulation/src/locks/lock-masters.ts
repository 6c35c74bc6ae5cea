import { EdenError } from '@eden/domain';
import type { Lockable, LockMode, LockOwner } from '@eden/domain';
import type { Process } from '../schedule/process.js';
import type { Network, Outcome } from '../schedule/network.js';
import { Server } from '../schedule/network.js';
import type { Scheduler } from '../schedule/scheduler.js';

/** How long the intent of a writer stays by itself. */
const INTENT_MS = 800;

/** How long a process waits for a quorum's answer. */
const ANSWER_MS = 500;

export interface Claim {
  readonly id: string;
  /** Which try of the request it is: no two hold the lock under one name, as packages/locking/src/claim.ts has it. */
  readonly attempt: number;
  readonly process: string;
  readonly owner: LockOwner;
}

interface Lease {
  readonly claim: Claim;
  readonly until: number;
}

interface Resource {
  writer: Lease | null;
  readonly readers: Map<string, Lease>;
  intent: Lease | null;
}

export type Acquired =
  | { readonly granted: true; readonly isContested: boolean }
  | { readonly granted: false; readonly holders: readonly string[] };

/** What a lease is held under. An intent is one for all tries of its request. */
function holderOf({ id, attempt }: Claim): string {
  return `${id}/${attempt}`;
}

export function nameOf({ kind, uuid }: Lockable): string {
  return `${kind}:${uuid}`;
}

interface Listener {
  readonly process: Process;
  onIntent(resource: string): void;
  onReleased(resource: string): void;
}

/**
 * The quorum of lock masters as one: what packages/locking promises as long as its masters behave. It may be emptied, be
 * silent, or not be reached by some process; its clock may jump.
 */
export class LockMasters extends Server {
  private readonly resources = new Map<string, Resource>();
  private readonly listeners = new Set<Listener>();
  /** Milliseconds that its clock is ahead. */
  private ahead = 0;
  /** Whether it has ever forgotten a lease before its time. */
  hasMisbehaved = false;

  constructor(
    private readonly network: Network,
    private readonly scheduler: Scheduler,
    private readonly broken: ReadonlySet<string>,
  ) {
    super('lock masters');
  }

  /** All of it is gone, as after a restart without memory. */
  empty(): void {
    this.hasMisbehaved = true;
    this.resources.clear();
  }

  jump(ms: number): void {
    this.hasMisbehaved = true;
    this.ahead += ms;
  }

  listen(listener: Listener): void {
    this.listeners.add(listener);
    listener.process.onEnd(() => this.listeners.delete(listener));
  }

  ask<T>(process: Process, name: string, names: readonly string[], work: () => T): Promise<T> {
    return this.network.ask(process, {
      name: `locks.${name}`,
      server: this,
      patienceMs: ANSWER_MS,
      unavailable: quorumAway,
      perform: (reply) => reply(this.tried(work)),
      describe: () => names.map((each) => each.replace(/:0{7}(.)-0000-4000-8000-0*(.*)$/, ' $2')).join(', '),
    });
  }

  acquire(mode: LockMode, names: readonly string[], claim: Claim, ttlMs: number): Acquired {
    const resources = names.map((name) => this.at(name));
    const lease = { claim, until: this.now + ttlMs };
    const inTheWay = resources.flatMap((resource) => this.against(mode, resource, claim));
    if (inTheWay.length > 0) {
      if (mode === 'write') this.leaveIntents(names, claim);
      return { granted: false, holders: inTheWay.map(({ owner }) => owner.purpose) };
    }
    const isContested = resources.some(({ intent }) => this.isLive(intent));
    for (const resource of resources) {
      if (mode === 'read') resource.readers.set(holderOf(claim), lease);
      else Object.assign(resource, { writer: lease, intent: null });
    }
    return { granted: true, isContested };
  }

  /** Answers whether it is still held. */
  extend(mode: LockMode, names: readonly string[], claim: Claim, ttlMs: number): boolean {
    const lease = { claim, until: this.now + ttlMs };
    const resources = names.map((name) => this.at(name));
    const isHeld = resources.every((resource) => this.heldBy(mode, resource, claim));
    if (!isHeld) return false;
    for (const resource of resources) {
      if (mode === 'read') resource.readers.set(holderOf(claim), lease);
      else resource.writer = lease;
    }
    return true;
  }

  release(names: readonly string[], claim: Claim): void {
    for (const name of names) {
      const resource = this.at(name);
      resource.readers.delete(holderOf(claim));
      if (resource.writer !== null && isOf(resource.writer, claim)) resource.writer = null;
      if (resource.intent?.claim.id === claim.id) resource.intent = null;
      for (const listener of this.listeners) this.send(listener.process, () => listener.onReleased(name));
    }
  }

  hasIntent(name: string): boolean {
    return this.isLive(this.at(name).intent);
  }

  writerOf(name: string): Claim | null {
    const { writer } = this.at(name);
    return this.isLive(writer) ? writer.claim : null;
  }

  /** The writer that waits. */
  intentOf(name: string): Claim | null {
    const { intent } = this.at(name);
    return this.isLive(intent) ? intent.claim : null;
  }

  drop(names: readonly string[]): void {
    for (const name of names) this.resources.delete(name);
  }

  /** Names of what is held now. */
  held(): readonly string[] {
    return [...this.resources].flatMap(([name, resource]) => {
      const readers = [...resource.readers.values()].filter((lease) => this.isLive(lease));
      return this.isLive(resource.writer) || readers.length > 0 ? [name] : [];
    });
  }

  private get now(): number {
    return this.scheduler.now + this.ahead;
  }

  private at(name: string): Resource {
    const known = this.resources.get(name);
    if (known !== undefined) return known;
    const made: Resource = { writer: null, readers: new Map(), intent: null };
    this.resources.set(name, made);
    return made;
  }

  private isLive(lease: Lease | null): lease is Lease {
    return lease !== null && lease.until > this.now;
  }

  private heldBy(mode: LockMode, resource: Resource, claim: Claim): boolean {
    const lease = mode === 'read' ? (resource.readers.get(holderOf(claim)) ?? null) : resource.writer;
    return this.isLive(lease) && isOf(lease, claim);
  }

  private against(mode: LockMode, resource: Resource, claim: Claim): readonly Claim[] {
    const { writer, intent, readers } = resource;
    const leases = [writer, ...(mode === 'read' ? [intent] : this.live(readers))];
    return leases.flatMap((lease) => (this.isLive(lease) && lease.claim.id !== claim.id ? [lease.claim] : []));
  }

  private live(readers: Map<string, Lease>): readonly Lease[] {
    for (const [id, lease] of readers) if (!this.isLive(lease)) readers.delete(id);
    return this.broken.has('readers-keep-writers-out') ? [] : [...readers.values()];
  }

  private leaveIntents(names: readonly string[], claim: Claim): void {
    if (this.broken.has('intent-of-a-writer')) return;
    for (const name of names) {
      const resource = this.at(name);
      if (this.isLive(resource.intent) && resource.intent.claim.id !== claim.id) continue;
      resource.intent = { claim, until: this.now + INTENT_MS };
      for (const listener of this.listeners) this.send(listener.process, () => listener.onIntent(name));
    }
  }

  /** A message may be lost: whoever needs it also asks. */
  private send(process: Process, work: () => void): void {
    if (this.network.fate() !== 'normal') return;
    process.deliver(this.network.latency(), work);
  }

  private tried<T>(work: () => T): Outcome<T> {
    try {
      return { value: work() };
    } catch (error) {
      return { error };
    }
  }
}

function isOf(lease: Lease, claim: Claim): boolean {
  return holderOf(lease.claim) === holderOf(claim);
}

function quorumAway(): EdenError {
  return new EdenError('SERVICE_UNAVAILABLE', { details: 'No quorum of lock masters answers' });
}
