import { describe, expect, it } from '@jest/globals';
import { asUuid } from './ids.js';
import { attemptsOf, phasesOf } from './run-history.js';
import type { HistoryEvent, RunHistory } from './run-history.js';

const users = { name: 'users', endpoint: 'users', endpointUuid: asUuid('00000000-0000-4000-8000-000000000001') };
const orders = { name: 'orders', endpoint: 'orders', endpointUuid: asUuid('00000000-0000-4000-8000-000000000002') };

type Happening = {
  readonly [Type in HistoryEvent['type']]: Pick<Extract<HistoryEvent, { type: Type }>, 'type' | 'data'>;
}[HistoryEvent['type']];

/** Each happening a second after the one before. */
function history(...happenings: readonly Happening[]): RunHistory {
  const events = happenings.map((happening, sequence) => ({ ...happening, sequence, at: second(sequence) }));
  return { databases: [users, orders], events: events as HistoryEvent[] };
}

function second(at: number): Date {
  return new Date(at * 1000);
}

const started = (attempt = 1): Happening => ({
  type: 'started',
  data: { epoch: attempt + 6, attempt, lock_wait_ms: 0 },
});
const prepared: Happening = { type: 'prepared', data: { participants: 2 } };
const decided: Happening = { type: 'commit_decided', data: { epoch: 7 } };
const committed = (database: string): Happening => ({
  type: 'target_committed',
  data: { database, endpoint_id: database },
});
const aborting: Happening = { type: 'aborting', data: { epoch: 7, outcome: 'requeue', reason: 'lost its lock' } };
const requeued: Happening = { type: 'requeued', data: { attempt: 2, reason: 'lost its lock' } };
const succeeded: Happening = { type: 'finished', data: { state: 'succeeded' } };

describe('the phases of a database', () => {
  it('end with its own commit, whenever the others commit', () => {
    const run = history(started(), prepared, decided, committed('orders'), committed('users'), succeeded);
    const before = [
      { phase: 'running', startedAt: second(0), finishedAt: second(1) },
      { phase: 'prepared', startedAt: second(1), finishedAt: second(2) },
    ];
    expect(phasesOf(run, orders)).toEqual([
      ...before,
      { phase: 'committing', startedAt: second(2), finishedAt: second(3) },
    ]);
    expect(phasesOf(run, users)).toEqual([
      ...before,
      { phase: 'committing', startedAt: second(2), finishedAt: second(4) },
    ]);
  });

  it('are those of the latest attempt, and the last one goes on', () => {
    expect(phasesOf(history(started(), aborting, requeued, started(2)), users)).toEqual([
      { phase: 'running', startedAt: second(3), finishedAt: null },
    ]);
  });

  it('tell apart two databases of one name', () => {
    const other = { ...users, endpoint: 'users-eu' };
    expect(phasesOf(history(started(), decided, committed('users')), other).at(-1)?.finishedAt).toBeNull();
  });

  it('are none before it has started', () => {
    expect(phasesOf(history(), users)).toEqual([]);
  });
});

describe('the attempts of a run', () => {
  it('keep when each began, how it ended and why', () => {
    expect(attemptsOf(history(started(), aborting, requeued, started(2), decided, succeeded))).toEqual([
      {
        attempt: 1,
        epoch: 7,
        startedAt: second(0),
        finishedAt: second(2),
        outcome: 'requeued',
        reason: 'lost its lock',
      },
      { attempt: 2, epoch: 8, startedAt: second(3), finishedAt: second(5), outcome: 'succeeded', reason: null },
    ]);
  });

  it('are none of a run that ended before it began', () => {
    expect(attemptsOf(history({ type: 'finished', data: { state: 'cancelled' } }))).toEqual([]);
  });
});
