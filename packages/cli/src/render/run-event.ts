import type { RunEvent } from '@eden/client';
import { describeDuration } from '../durations.js';
import { printable } from './table.js';

type DataOf<Type extends RunEvent['type']> = Extract<RunEvent, { type: Type }>['data'];
type Sentences = { readonly [Type in RunEvent['type']]: (data: DataOf<Type>) => string };

const PHASES: Readonly<Record<DataOf<'step'>['phase'], string>> = {
  before: 'before the transaction',
  after: 'after the commit',
};
const STEPS: Readonly<Record<DataOf<'step'>['state'], string>> = {
  pending: 'waits',
  running: 'begins',
  done: 'is done',
  failed: 'failed',
  undoing: 'is being taken back',
  undone: 'is taken back',
  left: 'stays: nothing takes it back',
};

const SENTENCES: Sentences = {
  queued: ({ kind, slot }) => (slot === 'behind' ? `${kind} queued behind its sync` : `${kind} queued`),
  waiting_for_lock: () => 'waiting for the lock',
  waiting: ({ reason, endpoint_id: endpoint }) => `${endpoint === undefined ? '' : `${endpoint}: `}waiting: ${reason}`,
  started: ({ attempt, lock_wait_ms: waited }) =>
    `started${attempt > 1 ? `, attempt ${attempt}` : ''}${waited >= 100 ? `, after ${describeDuration(waited)} for the lock` : ''}`,
  api_finished: ({ api_id: api, state, rows, execution_time_ms: ms }) =>
    `${api} ${state.replace('_', ' ')}: ${rows} row${rows === 1 ? '' : 's'} in ${describeDuration(ms)}`,
  blocked: describeBlocked,
  notice: ({ endpoint_id: endpoint, severity, message }) => `${endpoint} says ${severity}: ${message}`,
  further_notices: ({ count }) => `${count} more notices`,
  database_identified: ({ endpoint_id: endpoint, change }) =>
    change === 'moved'
      ? `${endpoint} is a database that was elsewhere before`
      : `${endpoint} is a copy, and has an id of its own now`,
  approval_wanted: ({ plan_hash: hash }) => `plan ${hash.slice(0, 12)} waits for approval`,
  rehearsing: ({ databases, apis }) =>
    `rehearsing in ${databases} database${databases === 1 ? '' : 's'}: the gates of ${apis} API${apis === 1 ? '' : 's'} are closed`,
  prepared: ({ participants }) => `all ${participants} databases are prepared`,
  deciding: () => 'all but the last database are prepared; that one commits now',
  commit_decided: () => 'commit point passed: it will commit everywhere',
  target_committed: ({ endpoint_id: endpoint }) => `${endpoint} has committed`,
  in_doubt: ({ databases, steps = [] }) =>
    `in doubt: ${[...databases, ...steps].map(({ endpoint_id: id, details }) => `${id}: ${details}`).join('; ')}`,
  steps_started: ({ phase, steps }) => `${steps} step${steps === 1 ? '' : 's'} ${PHASES[phase]}`,
  step: ({ template, endpoint_id: endpoint, state, reason }) =>
    `${endpoint}: ${template} ${STEPS[state]}${reason === undefined ? '' : `: ${reason}`}`,
  batches: ({ template, database, rows, estimated_rows: estimated, rows_per_second: rate, ends_at: end, throttle }) => {
    const of = estimated === null ? '' : ` of about ${Math.round(estimated)}`;
    const pace = rate === null ? '' : `, ${Math.round(rate)} a second`;
    const until = end === null ? '' : `, until about ${timeOf(end)}`;
    const held = throttle === null ? '' : `; waits: ${throttle.reason}`;
    return `${database}: ${template} has done ${rows}${of} rows${pace}${until}${held}`;
  },
  paused: ({ actor }) => `paused by ${actor}`,
  resumed: ({ actor }) => `resumed by ${actor}`,
  tuned: ({ actor, tuning }) =>
    `pace changed by ${actor}: ${Object.entries(tuning)
      .map(([name, value]) => `${name} ${value ?? 'none'}`)
      .join(', ')}`,
  steps_finished: ({ phase }) => `all steps ${PHASES[phase]} are done`,
  compensating: () => 'failed: what was done outside the transaction is taken back',
  aborting: ({ outcome }) =>
    outcome === 'requeue' ? 'being undone, to be tried again' : `being undone: nothing of it will stay`,
  contradicted: ({ endpoint_id: endpoint, details }) => `${endpoint} says otherwise than the run: ${details}`,
  requeued: ({ attempt }) => `undone; attempt ${attempt} follows`,
  recovered: () => 'taken over by another worker',
  finished: ({ state, error }) => (error === undefined ? state : `${state}: ${error}`),
};

/** One event in a few words. A service that is newer than this program may know others. */
export function describeEvent(event: RunEvent): string {
  const sentence = SENTENCES[event.type] as ((data: unknown) => string) | undefined;
  return printable(sentence?.(event.data) ?? `${String(event.type)} ${JSON.stringify(event.data)}`);
}

/** `14:02:11`, in the time of the machine. */
export function timeOf(at: string): string {
  return new Date(at).toTimeString().slice(0, 8);
}

function describeBlocked({ endpoint_id: endpoint, blockers, message }: DataOf<'blocked'>): string {
  const who = blockers.map(({ pid, prepared_id: prepared, user, application, query, age_ms: age }) => {
    const session = prepared === null ? `session ${pid ?? '?'}` : `prepared transaction ${prepared}`;
    const owner = [user, application].filter(Boolean).join(', ');
    const since = age === null ? '' : `, for ${describeDuration(age)}`;
    return `${session}${owner === '' ? '' : ` (${owner})`}${since}${query === null ? '' : `: ${query.slice(0, 80)}`}`;
  });
  return `${endpoint} waits for ${who.join('; ') || (message ?? 'a lock of somebody else')}`;
}
