/** The part of redlock 5.0.0-beta.2 that we use. Its own types cannot be reached under modern module resolution. */
declare module 'redlock' {
  import type { EventEmitter } from 'node:events';
  import type { Redis } from 'ioredis';

  /** All that it asks of a client: both answer a number. */
  export interface Voter {
    evalsha(hash: string, keyCount: number, args: (string | number)[]): Promise<unknown>;
    eval(text: string, keyCount: number, args: (string | number)[]): Promise<unknown>;
  }

  export interface ExecutionStats {
    readonly membershipSize: number;
    readonly quorumSize: number;
    readonly votesFor: ReadonlySet<Voter>;
    readonly votesAgainst: ReadonlyMap<Voter, Error>;
  }

  export interface Settings {
    readonly driftFactor: number;
    readonly retryCount: number;
    readonly retryDelay: number;
    readonly retryJitter: number;
  }

  /** Strings are accepted by the original types and then ignored, hence functions only. */
  export interface Scripts {
    readonly acquireScript: (original: string) => string;
    readonly extendScript: (original: string) => string;
    readonly releaseScript: (original: string) => string;
  }

  /** A master's answer was another number than that of the keys. */
  export class ResourceLockedError extends Error {}

  /** No quorum. Each attempt's promise resolves when every master has voted. */
  export class ExecutionError extends Error {
    readonly attempts: readonly Promise<ExecutionStats>[];
  }

  export class Lock {
    readonly resources: string[];
    readonly value: string;
    /** By this process's wall clock, drift already subtracted. 0 once released or replaced by a renewal. */
    readonly expiration: number;
    /** Resolves when every master has voted. The last one is that which granted the lock. */
    readonly attempts: readonly Promise<ExecutionStats>[];
    constructor(
      redlock: Redlock,
      resources: string[],
      value: string,
      attempts: readonly Promise<ExecutionStats>[],
      expiration: number,
    );
  }

  export default class Redlock extends EventEmitter {
    readonly scripts: Readonly<Record<keyof Scripts, { readonly value: string; readonly hash: string }>>;
    constructor(clients: Iterable<Redis | Voter>, settings: Partial<Settings>, scripts: Scripts);
    acquire(keys: string[], durationMs: number, settings?: Partial<Settings>): Promise<Lock>;
    extend(lock: Lock, durationMs: number, settings?: Partial<Settings>): Promise<Lock>;
    release(lock: Lock, settings?: Partial<Settings>): Promise<unknown>;
    /** The value of the next lock. Called by `acquire` before anything asynchronous. */
    protected _random(): string;
  }
}
