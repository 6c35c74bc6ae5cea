/** An API: where it reads, and what its migration does there. */
export interface PlannedApi {
  /** Numbers of endpoints, each of another database. */
  readonly endpoints: readonly number[];
  readonly stage: number;
  readonly migration: number;
  /** Whether it writes, too, when it is executed. */
  readonly writes: boolean;
  /** Of the migration's bindings in its first database: 1 or 2 of them. */
  readonly bindings: number;
  /** Whether it is in no migration until somebody adds it. */
  readonly joinsLate?: boolean;
  /** Where else it reads than in the databases that its migration changes for it; there, where it is absent. */
  readonly reads?: ReadingPlace;
}

/** `also elsewhere` and `elsewhere`: a database that nothing is changed in for it; `standby`: what follows its databases. */
export type ReadingPlace = 'own' | 'also elsewhere' | 'elsewhere' | 'standby';

/** Steps of a migration outside its transaction. */
export interface PlannedSteps {
  readonly migration: number;
  readonly before: number;
  readonly after: number;
  /** Nothing takes them back. */
  readonly areIrreversible: boolean;
  /** One of them does its work in batches. */
  readonly batches?: PlannedBatches;
}

/** A step whose batches commit one by one. */
export interface PlannedBatches {
  /** Which of its migration's steps outside the transaction. */
  readonly step: number;
  /** Of its table. */
  readonly rows: number;
  /** Of the first batch. */
  readonly size: number;
  /** All that its run may do in a second; null: any number. */
  readonly rowsPerSecond: number | null;
}

/** A migration folder, part of a migration. */
export interface PlannedFolder {
  readonly database: number;
  readonly migration: number;
  readonly stage: number;
  /** That it has in the beginning. */
  readonly files: number;
  /** Which of its files run outside the transaction, as bits; none where it is absent. */
  readonly outside?: number;
  /** Somebody has built what they build, by hand and before the schedule begins. */
  readonly isBuilt?: boolean;
}

export interface PlannedAction {
  readonly kind:
    | 'sync'
    | 'migrate'
    | 'rollback'
    | 'cancel'
    | 'update template'
    | 'mend template'
    | 'break template'
    | 'update endpoint'
    | 'update api'
    | 'update migration'
    | 'detach api'
    | 'attach api'
    | 'update rollback'
    | 'break step'
    | 'mend step'
    | 'delete api'
    | 'delete migration'
    | 'delete endpoint'
    | 'put source'
    | 'pause'
    | 'resume'
    | 'tune';
  /** After the action before it, in milliseconds. */
  readonly afterMs: number;
  /** Whether it waits for the end of the run that is at work. */
  readonly waits: boolean;
  readonly target: number;
}

/** What makes a fault happen: a moment, or the n-th time that something is asked for. */
export type Trigger =
  | { readonly atMs: number }
  | { readonly request: string; readonly nth: number; readonly phase: 'asking' | 'done' | 'answered' };

export interface PlannedFault {
  readonly kind: FaultKind;
  readonly trigger: Trigger;
  readonly target: number;
  readonly ms: number;
  /** Commits, changes. */
  readonly size: number;
}

export const FAULT_KINDS = [
  'kill',
  'freeze',
  'drain',
  'silent target',
  'silent control database',
  'control failover',
  'target failover',
  'lock masters emptied',
  'lock masters silent',
  'lock masters jump',
  'partition',
  'queue emptied',
  'stranger',
  'calendar',
  'copy',
  'tool by hand',
  'cut',
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

/** Everything that a schedule does but for what its scheduler draws. */
export interface SimulationPlan {
  readonly databases: number;
  /** A database that prepares nothing; none where the number is too great. */
  readonly lastResource: number;
  /** Databases with two endpoints. */
  readonly doubled: readonly boolean[];
  /** Whether the second endpoint of a database leads to a copy of it. */
  readonly clone: number;
  /** Whether the copy was made when the database had an id of its own already, which it brings along. */
  readonly isCopiedWithId?: boolean;
  readonly workers: number;
  readonly gateways: number;
  readonly apis: readonly PlannedApi[];
  readonly readers: number;
  readonly scripts: readonly (readonly PlannedAction[])[];
  readonly faults: readonly PlannedFault[];
  /** 0 … 3, how bad the network is. */
  readonly weather: number;
  /** Whether the lock masters forget everything again and again: then only fences and gates hold. */
  readonly lockMastersForget: boolean;
  readonly steps?: PlannedSteps;
  readonly folders?: readonly PlannedFolder[];
  /** How many transactions may be prepared at once in a database; any number where it is absent. */
  readonly slots?: number;
  /** How far standbys lag behind at most, in milliseconds. */
  readonly lagMs?: number;
  /** Whether finished runs are forgotten soon. */
  readonly forgetsHistory?: boolean;
}
