import { wantedLease } from '@eden/coordinator';
import type { Clock, Lockable, LockPort } from '@eden/domain';
import type { Principal } from './principal.js';

/** Who has come with some credentials, as the control database says at this moment. */
export interface Identified extends Principal {
  /** How long the credentials are good if nobody ends them, in milliseconds; null = for ever. */
  readonly goodForMs: number | null;
}

interface Known {
  readonly principal: Principal;
  readonly subjects: Lockable;
  /** Under which it was read; null where there was none, and then only the organization is of use. */
  readonly lease: object | null;
  /** On the clock of `elapsedMs`. */
  readonly until: number;
}

/** The ones that have not been asked for longest go first. */
const MOST_KNOWN = 10_000;

/**
 * Who has come with which credentials, kept for executions (docs/adr/0051).
 *
 * It was read under the read lease of the organization's subjects, and counts while that very lease is open and for `keptMs` at
 * most. Whatever takes something from a subject takes the write lock behind its commit, and is answered when it has had it, or
 * when that time is over: then nobody goes by what was read before. Without a lease the control database is asked, and nobody
 * waits for one.
 */
export class KeptSubjects {
  /** By the credentials: a text that is not the very same is not found. */
  private readonly known = new Map<string, Known>();

  constructor(
    readonly locks: LockPort,
    readonly clock: Clock,
    private readonly keptMs: number,
  ) {}

  /** Null where the control database has to be asked. */
  find(credentials: string): Principal | null {
    const known = this.known.get(credentials);
    if (known === undefined || known.lease === null || known.until <= this.clock.elapsedMs()) return null;
    return this.locks.leaseOn(known.subjects) === known.lease ? known.principal : null;
  }

  /**
   * Asks, and keeps the answer. The organization is known from the time before, and what is then found shows whether it still is.
   * What is known stays until then: others who ask at the same time need the organization as well.
   */
  async ask(credentials: string, identify: () => Promise<Identified>): Promise<Principal> {
    const before = this.known.get(credentials);
    const lease = before === undefined ? null : wantedLease(this, before.subjects, 'authentication');
    const begunAt = this.clock.elapsedMs();
    const { goodForMs, ...principal } = await identify();
    const { organizationUuid: uuid } = principal.subject;
    this.keep(credentials, {
      principal,
      subjects: { kind: 'subjects', uuid },
      lease: before?.subjects.uuid === uuid ? lease : null,
      until: begunAt + Math.min(this.keptMs, goodForMs ?? this.keptMs),
    });
    return principal;
  }

  private keep(credentials: string, known: Known): void {
    this.known.delete(credentials);
    this.known.set(credentials, known);
    const [oldest = credentials] = this.known.keys();
    if (this.known.size > MOST_KNOWN) this.known.delete(oldest);
  }
}
