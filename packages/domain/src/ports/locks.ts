import type { Uuid } from '../ids.js';

/** A thing that is locked: one migration, or one API. */
export type LockResource =
  { readonly kind: 'migration'; readonly uuid: Uuid } | { readonly kind: 'api'; readonly uuid: Uuid };

/**
 * What else is locked: whoever keeps a template, an endpoint, or the subjects of an organization (by its uuid) in memory, reads
 * them under their lock.
 */
export type Lockable = LockResource | { readonly kind: 'template' | 'endpoint' | 'subjects'; readonly uuid: Uuid };

export type LockMode = 'read' | 'write';

/** Who asks, in words that help the person who has to wait: shown by `GET …/lock` and in the timeout's error. */
export interface LockOwner {
  /** What the lock is for, e.g. `run <uuid>`, `add_api`, `execution`. */
  readonly purpose: string;
  /** Epoch of the run, where there is one. */
  readonly fence?: number;
}

export interface LockRequest {
  readonly owner: LockOwner;
  /** Longest wait in milliseconds; 0 tries once. */
  readonly timeoutMs: number;
  /** Gives up early when aborted (the client hung up, the process drains). */
  readonly signal?: AbortSignal;
}

/**
 * A lock that is held and renewed in the background until `release`.
 * Losing it aborts `signal`; that is a courtesy, the fence in the target is the guard (protocol I5).
 */
export interface HeldLock {
  readonly mode: LockMode;
  readonly signal: AbortSignal;
  /** Whether `signal` has aborted, for those who only look: nothing is made for it. */
  readonly isLost: boolean;
  readonly waitedMs: number;
  /**
   * What it is held by. Readers of one process share a lease for each resource, also one after the other: while a lease
   * is the same object nobody else has written its resource, so what was read under it is still true.
   */
  readonly leases: readonly object[];
  /** Idempotent; never throws. */
  release(): Promise<void>;
}

export interface HeldWriteLock extends HeldLock {
  /**
   * Asks the masters whether it has been held until now. Then nobody has read the resources since it was taken, and what
   * was changed meanwhile is what everybody reads from now on. False also when no quorum answers. Never throws.
   */
  confirm(): Promise<boolean>;
}

export interface LockParticipant {
  /** `<host>:<pid>` of the process. */
  readonly process: string;
  readonly purpose: string;
  readonly since: Date;
  readonly fence?: number;
  /** Local users that share this one lease (readers). */
  readonly count: number;
}

/** What `GET …/lock` shows of one resource. */
export interface LockView {
  readonly resource: LockResource;
  readonly writer: LockParticipant | null;
  readonly readers: readonly LockParticipant[];
  readonly waiting: readonly LockParticipant[];
}

/**
 * The cluster-wide read/write lock (protocol I1–I3).
 * `read` and `write` take all resources or none, in one acquire, sorted by name.
 * @throws EdenError LOCK_TIMEOUT when others held it for all of `timeoutMs` (context: `holders`),
 *         SERVICE_UNAVAILABLE when no quorum of lock masters answers (context: `details`).
 */
export interface LockPort {
  read(resources: readonly Lockable[], request: LockRequest): Promise<HeldLock>;
  write(resources: readonly Lockable[], request: LockRequest): Promise<HeldWriteLock>;
  /**
   * The lease under which this process may read the resource at this moment, as in `HeldLock.leases`; null where it has none, a
   * writer waits, or a master that vouches for it may have forgotten it. Asks no master and holds nothing: it counts for what is
   * decided before anything is awaited.
   */
  leaseOn(resource: Lockable): object | null;
  inspect(resource: LockResource): Promise<LockView>;
  /** Removes every key of a resource that no longer exists. Best effort: keys also expire by themselves. */
  drop(resources: readonly Lockable[]): Promise<void>;
  /** Resolves when a quorum of masters answers, else throws SERVICE_UNAVAILABLE. */
  check(): Promise<void>;
}
