import { expect, test } from '@jest/globals';
import type { Run } from '@eden/client';
import type { Attempt } from '../resources/objects.js';
import { judgeEarlier, judgeRun } from './judge-run.js';

const ENDED = '2026-11-26T12:00:00.000Z';
const at = (seconds: number) => ({ now: () => new Date(Date.parse(ENDED) + seconds * 1000), retrySyncMs: 300_000 });
const attempt: Attempt = { of: 'request', failures: 0, after: 'old' };
const stop = { onFailure: 'Stop' } as const;
const retry = { onFailure: 'Retry', execution: { backoffLimit: 2 } } as const;

function run(kind: string, state: string, uuid = 'new'): { id: string; run: Run } {
  return { id: 'shop', run: { uuid, kind, state, created_at: ENDED, finished_at: ENDED } as Run };
}

test('what ran before the request says nothing of it', () => {
  expect(judgeRun(at(0), stop, attempt, run('migrate', 'failed', 'old'))).toBeNull();
  expect(judgeRun(at(0), stop, attempt, { id: 'shop', run: null })).toBeNull();
});

test('a migrate that has failed stops the request, and says so each time alike', () => {
  const first = judgeRun(at(0), stop, attempt, run('migrate', 'failed'));
  expect(first).toMatchObject({
    kind: 'stalled',
    reason: 'MigrateFailed',
    facts: { attempt: { failures: 1, failedRun: 'new' } },
  });
  expect(judgeRun(at(9), stop, first?.facts?.attempt as Attempt, run('migrate', 'failed'))).toEqual(first);
});

test('where it is to be tried again, it is counted first and then tried, as often as the limit says', () => {
  let counted = attempt;
  for (const [failures, due] of [
    [1, 10],
    [2, 20],
  ] as const) {
    const failed = run('migrate', 'failed', `run-${failures}`);
    const verdict = judgeRun(at(due), retry, counted, failed);
    expect(verdict).toMatchObject({ kind: 'waiting', reason: 'Retrying', again: { after: 'delay', ms: 0 } });
    counted = verdict?.facts?.attempt as Attempt;
    expect(counted).toMatchObject({ failures });
    expect(judgeRun(at(due - 1), retry, counted, failed)).toMatchObject({ again: { after: 'delay', ms: 1000 } });
    expect(judgeRun(at(due), retry, counted, failed)).toBeNull();
  }
  expect(judgeRun(at(999), retry, counted, run('migrate', 'failed', 'run-3'))).toMatchObject({
    kind: 'stalled',
    reason: 'BackoffExhausted',
  });
});

test('an exhausted request is over, and another one is not', () => {
  const exhausted = { ...attempt, failures: 3, failedRun: 'new' };
  expect(judgeRun(at(999_999), retry, exhausted, run('migrate', 'failed'))).toMatchObject({
    reason: 'BackoffExhausted',
  });
  const another = { of: 'another', failures: 0, after: 'new' };
  expect(judgeRun(at(0), retry, another, run('migrate', 'failed'))).toBeNull();
});

test('a sync that has failed is tried again in its time, for ever', () => {
  expect(judgeRun(at(100), stop, attempt, run('sync', 'failed'))).toMatchObject({
    reason: 'SyncFailed',
    again: { after: 'delay', ms: 200_000 },
  });
  expect(judgeRun(at(300), stop, attempt, run('sync', 'failed'))).toBeNull();
});

test('what a person has cancelled or rolled back is not begun again by itself', () => {
  expect(judgeRun(at(9999), retry, attempt, run('migrate', 'cancelled'))).toMatchObject({
    kind: 'stalled',
    reason: 'Cancelled',
  });
  expect(judgeRun(at(9999), retry, attempt, run('rollback', 'succeeded'))).toMatchObject({
    kind: 'stalled',
    reason: 'RolledBack',
  });
});

test.each(['MigrateFailed', 'BackoffExhausted', 'Cancelled', 'RolledBack'])(
  'a request that has ended (%s) stays ended when somebody else has run something since',
  (reason) => {
    const completed = {
      type: 'Completed',
      status: 'False' as const,
      reason,
      message: 'why',
      lastTransitionTime: ENDED,
    };
    expect(judgeRun(at(9999), stop, attempt, run('sync', 'succeeded', 'theirs'))).toBeNull();
    expect(judgeEarlier({ conditions: [completed] }, 'shop')).toMatchObject({
      kind: 'stalled',
      reason,
      message: 'why',
    });
  },
);

test.each(['NotStarted', 'Migrating', 'Retrying', 'InDoubt', 'Completed'])('one that is %s has not ended', (reason) => {
  const completed = { type: 'Completed', status: 'False' as const, reason, message: '', lastTransitionTime: ENDED };
  expect(judgeEarlier({ conditions: [completed] }, 'shop')).toBeNull();
  expect(judgeEarlier(undefined, 'shop')).toBeNull();
});
