import { describe, expect, it } from '@jest/globals';
import { testSandbox } from '@eden/testkit';
import { ExclusionRun } from './exclusion-run.js';
import { findOverlaps, type Section } from './section-log.js';

const section = (mode: Section['mode'], from: number, to: number, more: Partial<Section> = {}): Section => ({
  mode,
  resources: ['a'],
  from: BigInt(from),
  to: BigInt(to),
  isIntact: true,
  ...more,
});

describe('the checker of the sections', () => {
  it.each<[string, readonly Section[], number]>([
    ['readers together', [section('read', 0, 9), section('read', 1, 2), section('read', 3, 4)], 0],
    [
      'a writer beside a reader that came long before',
      [section('read', 0, 9), section('read', 1, 2), section('write', 3, 4)],
      1,
    ],
    ['a reader beside a writer', [section('write', 0, 9), section('read', 3, 4)], 1],
    ['two writers', [section('write', 3, 4), section('write', 0, 9)], 1],
    ['one after the other', [section('write', 0, 3), section('read', 3, 4), section('write', 4, 5)], 0],
    ['different resources', [section('write', 0, 9), section('write', 1, 2, { resources: ['b'] })], 0],
    ['one of several resources', [section('write', 0, 9), section('read', 1, 2, { resources: ['b', 'a'] })], 1],
    [
      'a writer that knows that it lost its lock',
      [section('write', 0, 9, { isIntact: false }), section('read', 1, 2)],
      0,
    ],
  ])('judges %s', (_, sections, overlaps) => {
    expect(findOverlaps(sections)).toHaveLength(overlaps);
  });
});

// Protocol: I1
describe('readers and writers in four processes, while masters and processes are frozen and killed', () => {
  it.each([[1], [3]])(
    'never overlap, whatever they notice of it themselves (%d masters)',
    async (masters) => {
      const options = { masters, processes: 4, seconds: 12, ttlMs: 800 };
      const { overlaps, intact, faults } = await ExclusionRun.perform(await testSandbox(), options);
      expect(overlaps).toEqual([]);
      expect([intact.read > 0, intact.write > 0]).toEqual([true, true]);
      expect(Math.min(...Object.values(faults))).toBeGreaterThan(0);
    },
    60_000,
  );
});
