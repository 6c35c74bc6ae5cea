import type {
  Chance,
  Clock,
  CrashPoints,
  LockPort,
  RunJournal,
  SourcePort,
  TargetPort,
  Telemetry,
  TemplatePort,
} from '@eden/domain';

export interface EngineSettings {
  /** This process among all workers; new at every start. */
  readonly owner: string;
  /** A run whose heartbeat is older than this belongs to a dead worker (LOCK_TTL_MS). */
  readonly leaseMs: number;
  /** How long a run waits for the lock, unless its migration says otherwise (LOCK_TIMEOUT_MS). */
  readonly lockTimeoutMs: number;
  /** Attempts at a run whose workers keep dying. */
  readonly maxAttempts: number;
  /** Days that a run stays after its end: one that is not known and would be older may have been anything. */
  readonly keptDays: number;
  /** Databases and APIs worked on at once within one run, unless the migration's `max_parallel` says otherwise. */
  readonly maxParallel: number;
}

/** What the engine is given: ports only. Built once, in the worker's context.ts. */
export interface EngineDeps {
  readonly journal: RunJournal;
  readonly locks: LockPort;
  readonly targets: TargetPort;
  readonly templates: TemplatePort;
  readonly sources: SourcePort;
  readonly telemetry: Telemetry;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly crashPoints: CrashPoints;
  readonly settings: EngineSettings;
}
