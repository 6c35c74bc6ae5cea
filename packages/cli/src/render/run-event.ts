import type { RunEvent } from '@eden/client';
import { describeDuration } from '../durations.js';
import { printable } from './table.js';

type DataOf<Type extends RunEvent['type']> = Extract<RunEvent, { type: Type }>['data'];
type Sentences = { readonly [Type in RunEvent['type']]: (data: DataOf<Type>) => string };

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
  prepared: ({ participants }) => `all ${participants} databases are prepared`,
  deciding: () => 'all but the last database are prepared; that one commits now',
  commit_decided: () => 'commit point passed: it will commit everywhere',
  target_committed: ({ endpoint_id: endpoint }) => `${endpoint} has committed`,
  in_doubt: ({ databases }) =>
    `in doubt: ${databases.map(({ endpoint_id: id, details }) => `${id}: ${details}`).join('; ')}`,
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
