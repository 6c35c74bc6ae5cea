import { describe, expect, it } from '@jest/globals';
import { asUuid } from './ids.js';
import type { RunStanding } from './ports/journal.js';
import { RUN_STATES } from './run.js';
import { FATES, fateOfPrepared, standingOf } from './settled-run.js';
import type { PreparedFate, Standing } from './settled-run.js';

const UUID = asUuid('0e6bd3a6-6f0c-4d1b-9d6c-0d8f9b0f3a11');

function standing(change: Partial<RunStanding>): RunStanding {
  const ids = { uuid: UUID, organizationUuid: UUID, migrationUuid: UUID };
  return {
    ...ids,
    kind: 'migrate',
    state: 'queued',
    token: 'own',
    isResolved: false,
    isRolledBack: false,
    participants: [],
    ...change,
  };
}

/** Each row: prepared, missing with a ledger row, missing without. */
const ROWS: Readonly<Record<Standing, readonly [PreparedFate, PreparedFate, PreparedFate]>> = {
  'unknown within retention': ['roll back', 'fine', 'fine'],
  'unknown beyond retention': ['report', 'fine', 'fine'],
  queued: ['leave', 'leave', 'leave'],
  waiting_for_lock: ['leave', 'leave', 'leave'],
  stepping: ['leave', 'leave', 'leave'],
  paused: ['leave', 'leave', 'leave'],
  running: ['leave', 'leave', 'leave'],
  deciding: ['leave', 'leave', 'leave'],
  committing: ['leave', 'leave', 'leave'],
  finishing: ['leave', 'leave', 'leave'],
  aborting: ['leave', 'leave', 'leave'],
  compensating: ['leave', 'leave', 'leave'],
  in_doubt: ['leave', 'leave', 'leave'],
  succeeded: ['commit', 'fine', 'report'],
  'succeeded, rolled back later': ['report', 'fine', 'report'],
  'resolved by commit': ['commit', 'fine', 'fine'],
  'resolved by abort': ['roll back', 'fine', 'fine'],
  failed: ['roll back', 'report', 'fine'],
  cancelled: ['roll back', 'report', 'fine'],
};

// Protocol: I21
describe('what a target has of a run', () => {
  it.each(Object.entries(ROWS))('that is %s', (name, [prepared, withLedger, without]) => {
    const expected = { prepared, 'missing with ledger': withLedger, 'missing without': without };
    expect(FATES[name as Standing]).toEqual(expected);
  });

  it('of another attempt is nobody’s, however the run stands', () => {
    for (const state of RUN_STATES) {
      expect(fateOfPrepared(standing({ state }), 'another', false)).toBe('roll back');
    }
  });

  it('of its own attempt follows the run', () => {
    for (const state of RUN_STATES) {
      expect(fateOfPrepared(standing({ state }), 'own', false)).toBe(FATES[state].prepared);
    }
    expect(fateOfPrepared(undefined, 'own', true)).toBe('report');
    expect(fateOfPrepared(undefined, 'own', false)).toBe('roll back');
  });
});

describe('how a run stands', () => {
  it('depends on who has ended it, and on what came after it', () => {
    expect(standingOf(standing({ state: 'succeeded' }), false)).toBe('succeeded');
    expect(standingOf(standing({ state: 'succeeded', isResolved: true }), false)).toBe('resolved by commit');
    expect(standingOf(standing({ state: 'failed', isResolved: true }), false)).toBe('resolved by abort');
    const undone = standing({ state: 'succeeded', isResolved: true, isRolledBack: true });
    expect(standingOf(undone, false)).toBe('succeeded, rolled back later');
  });
});
