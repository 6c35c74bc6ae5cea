import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { limitsOfBatches, throttleOf, withinRate } from './limits.js';
import { restMsOf, rowsPerSecondOf, withSample, type RowSample } from './rate.js';
import { RowBudget, waitMsOf } from './row-budget.js';

const rate = fc.integer({ min: 1, max: 100_000 });
const batches = fc.array(
  fc.record({ rows: fc.integer({ min: 1, max: 5_000 }), ms: fc.integer({ min: 0, max: 3_000 }) }),
  {
    minLength: 1,
    maxLength: 50,
  },
);

describe('a budget of rows in a second', () => {
  it('is kept by all databases together, but for one batch', () => {
    fc.assert(
      fc.property(rate, batches, (rowsPerSecond, done) => {
        const budget = new RowBudget();
        let [now, rows] = [0, 0];
        for (const batch of done) {
          now += budget.waitMs(rowsPerSecond, now);
          // What was done before this batch is paid for by now.
          expect(rows).toBeLessThanOrEqual((rowsPerSecond * now) / 1_000 + 1);
          now += batch.ms;
          rows += batch.rows;
          budget.spend(batch.rows, rowsPerSecond, now);
        }
      }),
    );
  });

  it('saves nothing up', () => {
    const budget = new RowBudget();
    budget.spend(100, 100, 0);
    budget.spend(100, 100, 3_600_000);
    expect(budget.waitMs(100, 3_600_000)).toBe(1_000);
  });

  it('is not owed what was done while there was no limit', () => {
    const budget = new RowBudget();
    budget.spend(50_000, null, 0);
    expect(budget.waitMs(100, 0)).toBe(0);
  });

  it('goes by the rate that holds now', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), rate, rate, (rows, slow, fast) => {
        const debt = { rows, atMs: 0 };
        const [less, more] = [Math.min(slow, fast), Math.max(slow, fast)];
        expect(waitMsOf(debt, more, 0)).toBeLessThanOrEqual(waitMsOf(debt, less, 0));
        expect(waitMsOf(debt, null, 0)).toBe(0);
      }),
    );
  });
});

describe('what holds a batch back', () => {
  const limits = limitsOfBatches({ max_replica_lag_ms: 1_000, max_active_sessions: 10, max_rows_per_second: 50 }, null);
  const calm = { replicaLagMs: 0, activeSessions: 1, untold: 'ask somebody' };

  it.each([
    ['nothing', calm, 0, undefined],
    ['a replica that is behind', { ...calm, replicaLagMs: 1_001 }, 0, 'replica_lag'],
    ['a lag that is not told', { ...calm, replicaLagMs: null }, 0, 'replica_lag'],
    ['many sessions at work', { ...calm, activeSessions: 11 }, 0, 'active_sessions'],
    ['sessions that are not told', { ...calm, activeSessions: null }, 0, 'active_sessions'],
    ['rows that were done ahead of the rate', calm, 20, 'rows_per_second'],
  ])('is %s', (_, pressure, owedMs, cause) => {
    expect(throttleOf(limits, pressure, owedMs)?.cause).toBe(cause);
  });

  it('is what a person has set last, and nothing where that is null', () => {
    const tuned = limitsOfBatches(
      { max_rows_per_second: 50, max_replica_lag_ms: 1_000 },
      { max_rows_per_second: null, batch_size: 7 },
    );
    expect(tuned).toMatchObject({ rowsPerSecond: null, replicaLagMs: 1_000, size: 7, targetMs: 500 });
    expect(withinRate(500, limits)).toBe(50);
    expect(withinRate(500, tuned)).toBe(500);
  });
});

describe('the rate of a step', () => {
  it('is that of the last half minute', () => {
    let samples: readonly RowSample[] = [];
    for (let second = 0; second <= 600; second += 1) {
      samples = withSample(samples, { atMs: second * 1_000, rows: second < 500 ? second : 500 + (second - 500) * 100 });
    }
    expect(rowsPerSecondOf(samples)).toBe(100);
    expect(samples.length).toBeLessThan(40);
    expect(restMsOf(10_500, 20_500, 100)).toBe(100_000);
  });

  it('tells no end that nobody knows', () => {
    expect([
      restMsOf(5, null, 1),
      restMsOf(5, 5, 1),
      restMsOf(0, 5, 0),
      restMsOf(0, 5, null),
      restMsOf(0, 1e12, 1),
    ]).toEqual(Array.from({ length: 5 }, () => null));
  });
});
