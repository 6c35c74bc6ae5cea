import type { RunEvent } from '@eden/client';
import { duration } from '../../parts/time.js';
import { TEXTS } from '../../texts.js';
import { blockersOf } from './timeline.js';

type DataOf<Type extends RunEvent['type']> = Extract<RunEvent, { type: Type }>['data'];
type Sentences = { readonly [Type in RunEvent['type']]: (data: DataOf<Type>) => string };

const T = TEXTS.events;

const SENTENCES: Sentences = {
  queued: ({ kind, actor, slot }) => T.queued(kind, actor, slot === 'behind'),
  waiting_for_lock: () => T.waitingForLock,
  waiting: ({ reason, endpoint_id: endpoint }) => T.waiting(reason, endpoint),
  started: ({ attempt, lock_wait_ms: waited }) => T.started(attempt, duration(waited)),
  api_finished: ({ api_id: api, state, rows, execution_time_ms: ms }) =>
    T.apiFinished(api, TEXTS.states[state] ?? state, rows, duration(ms)),
  blocked: ({ endpoint_id: endpoint, blockers, message }) =>
    T.blocked(endpoint, blockersOf(blockers) || (message ?? '')),
  notice: ({ endpoint_id: endpoint, severity, message }) => T.notice(endpoint, severity, message),
  further_notices: ({ count }) => T.furtherNotices(count),
  database_identified: ({ endpoint_id: endpoint, change }) => T.identified(endpoint, change),
  approval_wanted: ({ plan_hash: hash }) => T.approvalWanted(hash.slice(0, 12)),
  rehearsing: ({ databases, apis }) => T.rehearsing(databases, apis),
  prepared: ({ participants }) => T.prepared(participants),
  deciding: () => T.deciding,
  commit_decided: () => T.decided,
  target_committed: ({ endpoint_id: endpoint }) => T.committed(endpoint),
  in_doubt: () => T.inDoubt,
  steps_started: ({ phase, steps }) => T.stepsStarted(steps, phase),
  step: ({ template, endpoint_id: endpoint, state, reason }) => T.step(template, endpoint, state, reason),
  batches: ({ template, database, rows, estimated_rows: estimated, throttle }) =>
    T.batches({ template, database, rows, estimated, waits: throttle?.reason ?? null }),
  paused: ({ actor }) => T.paused(actor),
  resumed: ({ actor }) => T.resumed(actor),
  tuned: ({ actor, tuning }) => T.tuned(actor, tuning),
  steps_finished: ({ phase }) => T.stepsFinished(phase),
  compensating: () => T.compensating,
  aborting: ({ outcome, reason }) => T.aborting(outcome, reason),
  contradicted: ({ endpoint_id: endpoint, details }) => T.contradicted(endpoint, details),
  requeued: ({ attempt, reason }) => T.requeued(attempt, reason),
  recovered: ({ worker }) => T.recovered(worker),
  finished: ({ state, error }) => T.finished(TEXTS.states[state] ?? state, error),
};

/** One event in a few words. A service that is newer than this page may know others. */
export function describeEvent({ type, data }: RunEvent): string {
  const sentence = SENTENCES[type] as ((data: unknown) => string) | undefined;
  return sentence?.(data) ?? `${String(type)} ${JSON.stringify(data)}`;
}
