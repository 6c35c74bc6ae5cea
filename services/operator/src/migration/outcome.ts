import type { Again } from '../queue/work-queue.js';
import type { ConditionState, ConditionStates } from '../resources/conditions.js';
import type { Attempt, MigrationStatus, RunStatus } from '../resources/objects.js';
import type { Reason } from '../resources/reasons.js';

/** What a look at an EdenMigration has found. */
export interface Outcome {
  /** done: as the spec says. working: goes on by itself. waiting: something is not there. stalled: a person is needed. */
  readonly kind: 'done' | 'working' | 'waiting' | 'stalled' | 'idle';
  readonly reason: Reason;
  readonly message: string;
  readonly again: Again;
  readonly phase: string;
  readonly facts?: Facts;
}

/** What is known of the release by now; what is absent is as before. */
export interface Facts {
  readonly release?: string;
  readonly specHash?: string;
  readonly planHash?: string;
  readonly run?: RunStatus;
  readonly attempt?: Attempt;
  /** Digest of the versions of Secrets that the gateway has. */
  readonly secrets?: string;
  readonly synced?: ConditionState;
  readonly approved?: ConditionState;
  readonly completed?: ConditionState;
}

export function done(reason: Reason, message: string, facts: Facts): Outcome {
  const phase = reason === 'SyncSucceeded' ? 'Synced' : 'Completed';
  return { kind: 'done', reason, message, again: { after: 'change' }, phase, facts };
}

const PHASES: Partial<Readonly<Record<Reason, string>>> = {
  Starting: 'Pending',
  Preparing: 'Pending',
  Syncing: 'Syncing',
  Retrying: 'Retrying',
  RollingBack: 'RollingBack',
};

export function working(reason: Reason, message: string, facts: Facts = {}): Outcome {
  return {
    kind: 'working',
    reason,
    message,
    again: { after: 'progress' },
    phase: PHASES[reason] ?? 'Migrating',
    facts,
  };
}

export function waiting(
  reason: Reason,
  message: string,
  facts: Facts = {},
  again: Again = { after: 'backoff' },
): Outcome {
  const phase = reason === 'AwaitsApproval' ? 'AwaitingApproval' : 'Waiting';
  return { kind: 'waiting', reason, message, again, phase, facts };
}

export function stalled(
  reason: Reason,
  message: string,
  facts: Facts = {},
  again: Again = { after: 'change' },
): Outcome {
  const phase = reason === 'InDoubt' || reason === 'RolledBack' ? reason : 'Failed';
  return { kind: 'stalled', reason, message, again, phase, facts };
}

export function suspended(): Outcome {
  return { kind: 'idle', reason: 'Suspended', message: '', again: { after: 'change' }, phase: 'Suspended' };
}

/** Ready, Reconciling and Stalled as kstatus reads them, and what the stages have said. */
export function conditionsOf({ kind, reason, message, facts = {} }: Outcome): ConditionStates {
  const { synced, approved, completed } = facts;
  const isWorking = kind === 'working' || kind === 'waiting';
  return {
    Ready: { status: kind === 'done' ? 'True' : 'False', reason, message },
    Reconciling: isWorking ? { status: 'True', reason, message } : { status: 'False', reason: 'Idle' },
    Stalled: kind === 'stalled' ? { status: 'True', reason, message } : { status: 'False', reason: 'Progressing' },
    ...(synced === undefined ? {} : { Synced: synced }),
    ...(approved === undefined ? {} : { Approved: approved }),
    ...(completed === undefined ? {} : { Completed: completed }),
  };
}

/** The fields of a status that an outcome sets. */
export function fieldsOf({ phase, facts = {} }: Outcome): MigrationStatus {
  const { release, specHash, planHash, run, attempt, secrets } = facts;
  const all = { phase, release, specHash, planHash, run, attempt, secrets };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}
