import type { Uuid } from './ids.js';
import type { RunEvent, RunEventType } from './run-events.js';
import type { RunState } from './run.js';

/** The events that begin or end a phase of a run: one for each step of the protocol and each database, however much the run does. */
export const HISTORY_EVENTS = [
  'started',
  'prepared',
  'deciding',
  'commit_decided',
  'target_committed',
  'aborting',
  'requeued',
  'in_doubt',
  'finished',
] as const satisfies readonly RunEventType[];

export type HistoryEvent = Extract<RunEvent, { readonly type: (typeof HISTORY_EVENTS)[number] }>;

/** A database that the latest attempt changes. */
export interface RunDatabase {
  readonly name: string;
  /** Id of the endpoint that leads to it; null once that is deleted. */
  readonly endpoint: string | null;
  readonly endpointUuid: Uuid;
}

export interface RunHistory {
  /** In the order of their numbers in the run; none before it has started. */
  readonly databases: readonly RunDatabase[];
  /** Ascending. */
  readonly events: readonly HistoryEvent[];
}

export const PHASES = ['running', 'prepared', 'committing', 'aborting', 'in_doubt'] as const;
export type Phase = (typeof PHASES)[number];

/** What a database went through, and when; the last one may go on. */
export interface PhaseSpan {
  readonly phase: Phase;
  readonly startedAt: Date;
  readonly finishedAt: Date | null;
}

export interface RunAttempt {
  readonly attempt: number;
  readonly epoch: number;
  readonly startedAt: Date;
  readonly finishedAt: Date | null;
  /** How it ended; null while it goes on. */
  readonly outcome: Extract<RunState, 'succeeded' | 'failed' | 'cancelled'> | 'requeued' | null;
  /** Why it was queued again. */
  readonly reason: string | null;
}

/** The phases of one database in the latest attempt. */
export function phasesOf({ events }: RunHistory, database: RunDatabase): readonly PhaseSpan[] {
  const start = events.findLastIndex(({ type }) => type === 'started');
  if (start < 0) return [];
  const spans: PhaseSpan[] = [];
  for (const event of events.slice(start)) {
    if (isOfAnother(event, database)) continue;
    const phase = phaseAfter(event.type);
    const last = spans.at(-1);
    if (last?.phase === phase) continue;
    if (last?.finishedAt === null) spans[spans.length - 1] = { ...last, finishedAt: event.at };
    if (phase !== null) spans.push({ phase, startedAt: event.at, finishedAt: null });
  }
  return spans;
}

function isOfAnother(event: HistoryEvent, { name, endpoint }: RunDatabase): boolean {
  if (event.type !== 'target_committed') return false;
  return event.data.database !== name || (endpoint !== null && event.data.endpoint_id !== endpoint);
}

function phaseAfter(type: HistoryEvent['type']): Phase | null {
  switch (type) {
    case 'started':
      return 'running';
    case 'prepared':
    case 'deciding':
      return 'prepared';
    case 'commit_decided':
      return 'committing';
    case 'aborting':
      return 'aborting';
    case 'in_doubt':
      return 'in_doubt';
    case 'target_committed':
    case 'requeued':
    case 'finished':
      return null;
  }
}

/** Every attempt that has begun, the earliest first. */
export function attemptsOf({ events }: RunHistory): readonly RunAttempt[] {
  const attempts: RunAttempt[] = [];
  for (const event of events) {
    const last = attempts.at(-1);
    if (event.type === 'started') {
      const { attempt, epoch } = event.data;
      attempts.push({ attempt, epoch, startedAt: event.at, finishedAt: null, outcome: null, reason: null });
    } else if (last?.outcome === null && (event.type === 'requeued' || event.type === 'finished')) {
      attempts[attempts.length - 1] = { ...last, finishedAt: event.at, ...endOf(event) };
    }
  }
  return attempts;
}

function endOf(
  event: Extract<HistoryEvent, { type: 'requeued' | 'finished' }>,
): Pick<RunAttempt, 'outcome' | 'reason'> {
  return event.type === 'requeued'
    ? { outcome: 'requeued', reason: event.data.reason }
    : { outcome: event.data.state, reason: null };
}
