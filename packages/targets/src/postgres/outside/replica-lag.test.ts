import { expect, it } from '@jest/globals';
import { ReplicaLag, type SeenReplica } from './replica-lag.js';

const seen = (changes: Partial<SeenReplica> = {}): SeenReplica => ({
  ...{ replica: 7, lag_ms: 0, replayed_to: '0/10', is_behind: true },
  ...changes,
});

it('is what the server has measured, of the replica that is furthest behind', () => {
  const lag = new ReplicaLag();
  expect(lag.greatestMs([], 0)).toBe(0);
  expect(lag.greatestMs([seen({ lag_ms: 20 }), seen({ replica: 8, lag_ms: 30, is_behind: false })], 0)).toBe(30);
});

it('grows with a replica that replays nothing while there is more', () => {
  const lag = new ReplicaLag();
  expect(lag.greatestMs([seen({ is_behind: false })], 0)).toBe(0);
  // It stood at the same place before, with nothing more to replay.
  expect(lag.greatestMs([seen()], 5_000)).toBe(0);
  expect(lag.greatestMs([seen({ lag_ms: 3 })], 6_000)).toBe(1_000);
  expect(lag.greatestMs([seen(), seen({ replica: 8 })], 9_000)).toBe(4_000);
  expect(lag.greatestMs([seen({ replayed_to: '0/20', lag_ms: 6 })], 10_000)).toBe(6);
  expect(lag.greatestMs([seen({ replayed_to: '0/20' })], 10_500)).toBe(500);
  // One that is gone is waited for by nobody, also when it comes again.
  expect(lag.greatestMs([], 11_000)).toBe(0);
  expect(lag.greatestMs([seen({ replayed_to: '0/20' })], 12_000)).toBe(0);
});
