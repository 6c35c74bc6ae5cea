import { describe, expect, it } from '@jest/globals';
import { RUN_STEPS, stepOf } from './run-machine.js';
import type { RunStepName } from './run-machine.js';
import type { Milestone } from './run-step.js';
import {
  ABORT_STEPS,
  BEHIND_A_SYNC,
  DEFINITION_SOURCES,
  RUNNABLE_FROM,
  RUN_OUTCOMES,
  decisionOf,
  endOfAbort,
  outcomeOf,
  resolutionOf,
} from './run-outcomes.js';
import { toStoredError } from './errors.js';
import { MIGRATION_STATES } from './migration.js';
import { FINISHED_RUN_STATES, RUN_KINDS } from './run.js';
import type { RunKind } from './run.js';

const DECIDED = ['migrate', 'rollback'] as const;
const UNDONE = ['failed', 'cancelled', 'requeued'] as const;

describe.each(DECIDED)('a %s', (kind) => {
  // Protocol: I10
  it('changes definitions at its commit point and nowhere else', () => {
    const changing = (Object.keys(RUN_OUTCOMES[kind]) as Milestone[]).filter(
      (milestone) => RUN_OUTCOMES[kind][milestone]?.definitions !== 'leave',
    );
    // What it takes back is what its commit point has done.
    expect(changing).toEqual(['decided', 'recanted']);
  });

  it('leaves the migration, when it was cancelled, in a state from which it may run again', () => {
    for (const end of ['cancelled', 'requeued'] as const) {
      expect(RUNNABLE_FROM[kind]).toContain(RUN_OUTCOMES[kind][end].migration);
    }
  });

  it('holds its APIs while it runs, and those of a completed or rolled back migration are free', () => {
    for (const end of ['succeeded', ...UNDONE] as const) {
      const { migration, memberships } = RUN_OUTCOMES[kind][end];
      const isOver = migration === 'Completed' || migration === 'Rolled Back';
      expect({ end, memberships }).toEqual({ end, memberships: isOver ? 'free' : 'leave' });
    }
  });

  // Protocol: I14
  it('that a person resolves ends as if it had ended so, with definitions that fit', () => {
    const applied = decisionOf(kind).definitions;
    const takenBack = applied === 'apply' ? 'restore' : 'apply';
    expect(resolutionOf(kind, 'commit', false)).toEqual({ ...RUN_OUTCOMES[kind].succeeded, definitions: applied });
    expect(resolutionOf(kind, 'commit', true)).toEqual(RUN_OUTCOMES[kind].succeeded);
    expect(resolutionOf(kind, 'abort', false)).toEqual(RUN_OUTCOMES[kind].failed);
    expect(resolutionOf(kind, 'abort', true)).toEqual({ ...RUN_OUTCOMES[kind].failed, definitions: takenBack });
  });
});

describe('a sync', () => {
  it('changes nothing unless it succeeds, and has no commit point', () => {
    for (const end of UNDONE) {
      expect(RUN_OUTCOMES.sync[end]).toEqual({ migration: 'same', memberships: 'leave', definitions: 'leave' });
    }
    expect(() => decisionOf('sync')).toThrow(TypeError);
  });

  it('leaves a migrate behind it waiting only while another attempt follows', () => {
    expect(Object.keys(BEHIND_A_SYNC).sort()).toEqual([...FINISHED_RUN_STATES].sort());
  });
});

describe('what a migration can come to', () => {
  it('has no state that no run leads to or starts from', () => {
    const states = RUN_KINDS.flatMap((kind) => [
      ...RUNNABLE_FROM[kind],
      ...Object.values(RUN_OUTCOMES[kind]).map((outcome) => outcome?.migration),
    ]);
    expect([...new Set(states)].filter((state) => state !== 'same' && state !== undefined).sort()).toEqual(
      [...MIGRATION_STATES].sort(),
    );
  });

  it('follows from the step that a run takes: what ends it says so of every kind', () => {
    const outcomes = (name: RunStepName, kinds: readonly RunKind[]) => kinds.map((kind) => outcomeOf(name, kind));
    expect(outcomes('complete', DECIDED).map((outcome) => outcome?.migration)).toEqual(['Completed', 'Rolled Back']);
    expect(outcomes('decide', DECIDED).map((outcome) => outcome?.definitions)).toEqual(['apply', 'restore']);
    for (const name of ['cancel', 'fail', 'claim'] as const)
      expect(outcomes(name, RUN_KINDS)).toEqual([null, null, null]);
  });
});

describe('the end of an abort', () => {
  const failure = { kind: 'failed', error: toStoredError(new Error('x')) } as const;

  it('is a cancel, once somebody wants no more of the run', () => {
    expect(endOfAbort(failure, true)).toBe('cancelled');
    expect(endOfAbort({ kind: 'requeue' }, true)).toBe('cancelled');
    expect(endOfAbort({ kind: 'requeue' }, false)).toBe('requeued');
    expect(endOfAbort(failure, false)).toBe('failed');
  });

  it('is a step that reaches what it is called', () => {
    for (const end of UNDONE) expect(stepOf(ABORT_STEPS[end]).reaches).toBe(end);
    expect(RUN_STEPS.requeue.to).toBe(RUN_STEPS.accept.to);
  });
});

it('what a commit replaces is kept for as long as a rollback may need it', () => {
  expect(DEFINITION_SOURCES).toEqual({
    apply: { source: 'next', replaced: 'kept' },
    restore: { source: 'previous', replaced: 'forgotten' },
  });
});
