import { describe, expect, it } from '@jest/globals';
import { FINDINGS } from './findings/index.js';
import { planFor } from './guards/aimed.js';
import { planOf, simulate, simulatePlan, type Result } from './simulation.js';

const SEED = 20_261_126;

describe('a schedule', () => {
  it('is the same whenever its seed is told: that is how a failing one is found again', async () => {
    const [first, again] = [await simulate(SEED, { tells: true }), await simulate(SEED, { tells: true })];
    expect(first.steps).toBeGreaterThan(300);
    expect(again.story).toEqual(first.story);
    expect(again.state).toEqual(first.state);
    await simulate(SEED + 1);
    // What came before leaves nothing behind.
    expect((await simulate(SEED, { tells: true })).story).toEqual(first.story);
  });

  it('has faults, runs that end and executions that are answered beside them', async () => {
    const results: Result[] = [];
    for (let seed = 1; seed <= 8; seed += 1) results.push(await simulate(seed));
    const sum = (count: (result: Result) => number): number =>
      results.reduce((total, result) => total + count(result), 0);
    expect(results.flatMap(({ violations }) => violations)).toEqual([]);
    expect(sum(({ runs }) => runs)).toBeGreaterThan(8);
    expect(sum(({ executions }) => executions)).toBeGreaterThan(40);
    expect(sum(({ faults }) => faults.size)).toBeGreaterThan(8);
  });

  it('breaks a promise when a guard is missing, and says which', async () => {
    const guard = 'standby-that-lags-behind';
    const { violations } = await simulatePlan(1, planFor(1, guard), { broken: new Set([guard]) });
    expect(violations.map(({ promise }) => promise)).toEqual(['P8']);
    expect((await simulatePlan(1, planFor(1, guard))).violations).toEqual([]);
  });

  it('is planned by its seed, and by nothing else', () => {
    expect(planOf(SEED)).toEqual(planOf(SEED));
    expect(planOf(SEED)).not.toEqual(planOf(SEED + 1));
  });
});

/** What was found on the way and mended: the plan that showed it, under schedules that did. */
describe.each(FINDINGS)('$name', ({ plan, seeds }) => {
  it.each(seeds)('keeps every promise under the schedule %d', async (seed) => {
    const { violations } = await simulatePlan(seed, plan);
    expect(violations.map(({ message }) => message)).toEqual([]);
  });
});
