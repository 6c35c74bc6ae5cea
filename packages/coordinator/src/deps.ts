import type {
  Chance,
  Clock,
  ControlStore,
  LockPort,
  SourcePort,
  TargetPort,
  Telemetry,
  TemplatePort,
} from '@eden/domain';

/**
 * Who approves a plan: `another` subject than those who have made it; or one that is `unrelated` to them as well, which neither
 * has made the other, or had its key or password.
 */
export type ApprovalBy = 'another' | 'unrelated';

/** What the use cases keep to; times in milliseconds. */
export interface CoordinatorSettings {
  readonly approvalBy: ApprovalBy;
  /** How long anybody waits for the lock (LOCK_TIMEOUT_MS). */
  readonly lockTimeoutMs: number;
  /** Longest statement of an API or template execution whose template names no own limit. */
  readonly statementTimeoutMs: number;
  /** How long a gateway may go by what it has read of a subject, whatever becomes of the lock. The same for all gateways. */
  readonly subjectsKeptMs: number;
}

/** What every use case is given: ports only. Built once, in a service's context.ts. */
export interface CoordinatorDeps {
  readonly store: ControlStore;
  readonly locks: LockPort;
  readonly targets: TargetPort;
  readonly templates: TemplatePort;
  readonly sources: SourcePort;
  readonly telemetry: Telemetry;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly settings: CoordinatorSettings;
}
