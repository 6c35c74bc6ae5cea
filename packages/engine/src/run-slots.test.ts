import { describe, expect, it } from '@jest/globals';
import { WAITS_FOR_SLOT } from '@eden/domain';
import type { JobOutcome, Uuid } from '@eden/domain';
import type { EngineDeps } from './deps.js';
import { RunSlots } from './run-slots.js';

const DONE: JobOutcome = { kind: 'done' };

/** Runs are named after their organization: `a-1` is one of `a`. @param told What is said of those that are put off. */
function slotsOf(count: number, told: [string, string][] = []): RunSlots {
  const organizationOf = (run: Uuid): Promise<Uuid> => Promise.resolve(run.slice(0, 1) as Uuid);
  const noteQueued = (run: Uuid, reason: string): Promise<void> => Promise.resolve(void told.push([run, reason]));
  const deps = { journal: { organizationOf, noteQueued }, chance: { fraction: () => 0.5 } } as unknown as EngineDeps;
  return new RunSlots(deps, count);
}

/** Runs that last until they are let go. */
class Work {
  private readonly ends = new Map<string, () => void>();

  constructor(private readonly slots: RunSlots) {}

  start(run: string): Promise<JobOutcome> {
    return this.slots.share(run as Uuid, () => new Promise((resolve) => this.ends.set(run, () => resolve(DONE))));
  }

  get atWork(): readonly string[] {
    return [...this.ends.keys()];
  }

  end(run: string): void {
    this.ends.get(run)?.();
    this.ends.delete(run);
  }
}

describe('the slots of a worker', () => {
  it.each([
    [1, 1],
    [2, 1],
    [3, 2],
    [8, 4],
  ])('(%i) are given to one organization up to half of them (%i), and to others as well', async (count, most) => {
    const told: [string, string][] = [];
    const work = new Work(slotsOf(count, told));
    for (let n = 0; n < most; n += 1) void work.start(`a-${n}`);
    expect(await work.start('a-x')).toEqual({ kind: 'later', delayMs: 100 });
    void work.start('b-0');
    expect(await work.start('a-y')).toMatchObject({ kind: 'later' });
    expect(work.atWork).toHaveLength(most + 1);
    expect(told).toEqual([
      ['a-x', WAITS_FOR_SLOT],
      ['a-y', WAITS_FOR_SLOT],
    ]);
  });

  it('are free again when a run has ended, in whatever way', async () => {
    const work = new Work(slotsOf(2));
    const first = work.start('a-0');
    expect(await work.start('a-1')).toMatchObject({ kind: 'later' });
    work.end('a-0');
    expect(await first).toBe(DONE);
    const slots = slotsOf(2);
    const failing = () => slots.share('a-0' as Uuid, () => Promise.reject(new Error('lost')));
    await expect(failing()).rejects.toThrow('lost');
    await expect(failing()).rejects.toThrow('lost');
  });

  it('are asked for the more seldom, the more wait for them', async () => {
    const work = new Work(slotsOf(1));
    void work.start('a-0');
    const delays: unknown[] = [];
    for (let n = 1; n <= 60; n += 1) delays.push(await work.start(`a-${n}`));
    expect(delays.slice(0, 2)).toEqual([
      { kind: 'later', delayMs: 100 },
      { kind: 'later', delayMs: 200 },
    ]);
    expect(delays.at(-1)).toEqual({ kind: 'later', delayMs: 5_000 });
  });
});
