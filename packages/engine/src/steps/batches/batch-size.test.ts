import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { EFFICIENCY, efficiencyOf, LARGEST_BATCH, nextSize, widthOf, withJob, type BatchJob } from './batch-size.js';

const TARGET_MS = 500;

/** A database in which a batch takes so long; answers the sizes that were tried. */
function sizesOver(batches: number, start: number, msOf: (size: number, batch: number) => number): readonly number[] {
  let jobs: readonly BatchJob[] = [];
  const sizes = [start];
  for (let batch = 0; batch < batches; batch += 1) {
    const size = sizes.at(-1) ?? start;
    jobs = withJob(jobs, { size, ms: msOf(size, batch) });
    sizes.push(nextSize(size, jobs, TARGET_MS));
  }
  return sizes;
}

const start = fc.integer({ min: 1, max: 20_000 });
const msPerRow = fc.double({ min: 0.02, max: 20, noNaN: true });

describe('the size of a batch', () => {
  it('comes to the target time, whatever a row costs, and stays there', () => {
    fc.assert(
      fc.property(start, msPerRow, (first, cost) => {
        const sizes = sizesOver(80, first, (size) => size * cost);
        const ideal = Math.max(1, Math.min(LARGEST_BATCH, TARGET_MS / cost));
        for (const size of sizes.slice(-20)) {
          expect(size).toBeGreaterThanOrEqual(Math.floor(ideal * 0.85));
          expect(size).toBeLessThanOrEqual(Math.ceil(ideal * 1.01));
        }
        expect(new Set(sizes.slice(-10)).size).toBe(1);
      }),
    );
  });

  it('stays about there where each batch takes half as long again or half as short', () => {
    fc.assert(
      fc.property(
        msPerRow,
        fc.array(fc.double({ min: 0.5, max: 1.5, noNaN: true }), { minLength: 120, maxLength: 120 }),
        (cost, noise) => {
          const sizes = sizesOver(120, 1_000, (size, batch) => size * cost * (noise[batch] ?? 1));
          const ideal = Math.max(1, Math.min(LARGEST_BATCH, TARGET_MS / cost));
          for (const size of sizes.slice(-40)) expect(size).toBeLessThanOrEqual(Math.ceil(ideal * 2.2));
        },
      ),
    );
  });

  it('is a whole number within its bounds, whatever was measured', () => {
    const ms = fc.double({ min: 0, max: 1e9, noNaN: true });
    fc.assert(
      fc.property(start, fc.array(ms, { minLength: 1, maxLength: 60 }), (first, measured) => {
        for (const size of sizesOver(measured.length, first, (_, batch) => measured[batch] ?? 0)) {
          expect(Number.isSafeInteger(size) && size >= 1 && size <= Math.max(LARGEST_BATCH, first)).toBe(true);
        }
      }),
    );
  });

  it('stays while batches take between nine and nine and a half tenths of their time', () => {
    const share = fc.double({ min: EFFICIENCY.least, max: EFFICIENCY.most, noNaN: true });
    fc.assert(
      fc.property(start, share, (size, efficiency) => {
        expect(nextSize(size, [{ size, ms: efficiency * TARGET_MS }], TARGET_MS)).toBe(size);
      }),
    );
  });

  it('falls at once when the database has become slow', () => {
    const sizes = sizesOver(60, 1_000, (size, batch) => size * (batch < 50 ? 0.1 : 1));
    expect(sizes[50]).toBeGreaterThan(4_000);
    expect(sizes[54]).toBeLessThan((sizes[50] ?? 0) / 2);
    expect(sizes.at(-1)).toBeLessThan(700);
  });

  it('becomes no larger than what a statement may answer, and smaller when rows become wider', () => {
    const rows = [{ id: 1, text: 'x'.repeat(1_000) }];
    const width = widthOf(rows);
    const allowed = 8 * 1024 * 1024;
    expect(nextSize(4_000, [{ size: 4_000, ms: 1, width }], TARGET_MS) * width).toBeLessThan(allowed / 2);
    expect(nextSize(40_000, [{ size: 40_000, ms: TARGET_MS, width }], TARGET_MS) * width).toBeLessThan(allowed / 2);
    expect(widthOf([])).toBe(0);
  });

  it('is not known before the first batch', () => {
    expect(efficiencyOf([], 1_000, TARGET_MS)).toBeNull();
    expect(nextSize(1_000, [], TARGET_MS)).toBe(1_000);
  });
});
