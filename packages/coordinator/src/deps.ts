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

/** Limits that the use cases keep, all in milliseconds. */
export interface CoordinatorSettings {
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
