import type { Origin } from '../access.js';
import type { Uuid } from '../ids.js';
import type { JsonObject } from '../json.js';
import type { Page, PageRequest } from './page.js';

/** Who did what to what, from where, and what came of it. */
export interface AuditEntry {
  readonly actor: string;
  /** `<resource>.<verb>`; of a call that was refused, its method and route. */
  readonly action: string;
  readonly subject: string;
  /** Never a value that may be secret. */
  readonly data: JsonObject;
  readonly origin?: Origin | undefined;
  /** `success`, or the code of the error. */
  readonly result?: string;
}

/** The place of an entry in the chain of its organization. */
export interface AuditPosition {
  /** From 1. */
  readonly position: number;
  /** SHA-256 in hex, over the link before and what the entry says. */
  readonly hash: string;
}

/** An entry as it stands in the audit. */
export interface AuditRecord {
  readonly uuid: Uuid;
  readonly at: Date;
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  /** The address of the request, or the worker. */
  readonly origin: string | null;
  readonly requestId: string | null;
  readonly result: string;
  readonly data: JsonObject;
  /** Null for the moment between its writing and its linking. */
  readonly link: AuditPosition | null;
}

/** All that is given has to hold. */
export interface AuditFilter {
  readonly actor?: string | undefined;
  readonly action?: string | undefined;
  readonly subject?: string | undefined;
  /** Inclusive. */
  readonly since?: Date | undefined;
  /** Exclusive. */
  readonly until?: Date | undefined;
}

export const AUDIT_FINDINGS = ['changed', 'removed', 'inserted', 'rewritten'] as const;

/** Something that does not fit into the chain. */
export interface AuditFinding {
  readonly kind: (typeof AUDIT_FINDINGS)[number];
  /** In the chain; null for an entry that has no place in it. */
  readonly position: number | null;
  readonly entry: Uuid | null;
  readonly details: string;
}

export interface AuditVerification {
  /** Links that were looked at. */
  readonly links: number;
  /** Entries that were written just now, and have no place yet. */
  readonly waiting: number;
  /** The end of the chain: whoever keeps it elsewhere can ask later whether it still belongs to the chain. */
  readonly head: AuditPosition;
  /** The last link that retention has taken away. */
  readonly checkpoint: (AuditPosition & { readonly at: Date }) | null;
  readonly findings: readonly AuditFinding[];
  /** Findings beyond those that are listed. */
  readonly furtherFindings: number;
}

/** The audit of one organization. */
export interface AuditLog {
  /** An entry beside no change: of what was refused, or touched nothing. Others are written in the transaction of their change. */
  append(entry: AuditEntry): Promise<void>;
  /** Newest first. */
  entries(filter: AuditFilter, page: PageRequest): Promise<Page<AuditRecord>>;
  /** All that fit, oldest first, in batches. */
  export(filter: AuditFilter): AsyncIterable<readonly AuditRecord[]>;
  /** Looks through the whole chain; `known` was its head at an earlier time. */
  verify(known: AuditPosition | null): Promise<AuditVerification>;
}

/** The chains of all organizations, as the workers keep them. */
export interface AuditChains {
  /** Gives up to `most` entries their places, in the order in which they have become visible. Answers how many. */
  link(most: number): Promise<number>;
  /** Takes away up to `most` old entries of each chain, and leaves its checkpoint. Answers how many. */
  prune(keptDays: number, most: number): Promise<number>;
}
