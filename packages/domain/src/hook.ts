import type { Uuid } from './ids.js';

/** What a deploy hook can be asked for. */
export const HOOK_ACTIONS = ['sync', 'migrate', 'sync_and_migrate'] as const;
export type HookAction = (typeof HOOK_ACTIONS)[number];

/** A way in for whoever can sign with its secret, and for nothing but runs. */
export interface Hook {
  readonly uuid: Uuid;
  readonly id: string;
  /** Ids or uuids; empty = all migrations of the organization. */
  readonly migrations: readonly string[];
  /** Empty = all. */
  readonly actions: readonly HookAction[];
  /** Until then the secret before the last rotation counts as well; null where there is none. */
  readonly previousValidUntil: Date | null;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** A hook with what it takes to check a signature. */
export interface CallableHook {
  readonly organizationUuid: Uuid;
  readonly organizationId: string;
  readonly hook: Hook;
  /** The one of now first. */
  readonly secrets: readonly string[];
}

/** What a call was answered. */
export interface HookAnswer {
  readonly runUuid: Uuid;
  /** 202: the run is accepted; 200: the migration was completed before. */
  readonly status: 200 | 202;
  /** When the call was answered first. */
  readonly at: Date;
}
