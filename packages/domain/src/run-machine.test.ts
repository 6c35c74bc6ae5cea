import { describe, expect, it } from '@jest/globals';
import { RUN_STATE_RULES, RUN_STEPS, originsOf, stateAfter, stepOf } from './run-machine.js';
import type { RunStepName } from './run-machine.js';
import { FINISHED_RUN_STATES, RUN_KINDS, RUN_STATES, isFinished } from './run.js';
import type { RunKind, RunState } from './run.js';

const NAMES = Object.keys(RUN_STEPS) as RunStepName[];
/** Before T1 a run has touched nothing, from T2 on there is no way back. */
const BEFORE_T1: readonly RunState[] = ['queued', 'waiting_for_lock'];
const FROM_T2: readonly RunState[] = ['committing', 'finishing', 'succeeded'];

function next(state: RunState, kind: RunKind): readonly RunState[] {
  return NAMES.flatMap((name) => stateAfter(name, state, kind) ?? []);
}

function reachable(from: RunState, kind: RunKind): ReadonlySet<RunState> {
  const seen = new Set<RunState>([from]);
  for (const state of seen) for (const after of next(state, kind)) seen.add(after);
  return seen;
}

const WAIT_FOR_A_PERSON: readonly RunState[] = ['in_doubt', 'paused'];

describe.each(RUN_KINDS)('a %s', (kind) => {
  const states = [...reachable(RUN_STEPS.accept.to, kind)];

  it('comes to an end from every state that it can be in', () => {
    for (const state of states) {
      expect({ state, ends: [...reachable(state, kind)].some(isFinished) }).toEqual({ state, ends: true });
    }
  });

  // Protocol: I11
  it('does not come back from its commit point by itself', () => {
    const withoutAPerson = NAMES.filter((name) => stepOf(name).guard !== 'none');
    for (const name of withoutAPerson) {
      const after = stateAfter(name, 'committing', kind);
      // What the witness has nothing of, nobody has committed: the decision was forgotten, or undone before it was taken.
      const allowed = name === 'recant' ? ['aborting'] : [...FROM_T2, 'in_doubt'];
      if (after !== null) expect(allowed).toContain(after);
    }
  });

  // Protocol: I11
  it('can be cancelled in exactly the states before its commit point, however that is decided', () => {
    const cancels = ['cancel', 'cancelAttempt', 'cancelRequeue', 'cancelSteps'] as const;
    const atSteps: readonly RunState[] = kind === 'sync' ? [] : ['stepping', 'paused'];
    const cancellable = states.filter((state) => cancels.some((name) => stateAfter(name, state, kind) !== null));
    expect(cancellable.sort()).toEqual([...BEFORE_T1, ...atSteps, 'running', 'aborting'].sort());
  });

  // Protocol: I15
  it('that nobody attends to is taken up by exactly one sort of step, unless it waits for a person', () => {
    const taken = (name: RunStepName) => stepOf(name).guard === 'unattended';
    for (const state of states.filter((one) => !isFinished(one) && !WAIT_FOR_A_PERSON.includes(one))) {
      const takers = NAMES.filter((name) => taken(name) && stateAfter(name, state, kind) !== null);
      expect({ state, takers: takers.length }).toEqual({ state, takers: 1 });
    }
  });
});

describe('the machine of all runs', () => {
  it('has no state that no kind of run is ever in', () => {
    const states = new Set(RUN_KINDS.flatMap((kind) => [...reachable(RUN_STEPS.accept.to, kind)]));
    expect([...states].sort()).toEqual([...RUN_STATES].sort());
  });

  it('leads nowhere from a finished run, which holds no slot', () => {
    const slotless = RUN_STATES.filter((state) => RUN_STATE_RULES[state].slots.length === 0);
    expect(slotless.sort()).toEqual([...FINISHED_RUN_STATES].sort());
    for (const state of FINISHED_RUN_STATES) {
      expect(RUN_KINDS.flatMap((kind) => next(state, kind))).toEqual([]);
    }
  });

  it('keeps a run in the slots of its state, and frees the slot with the step that ends it', () => {
    for (const name of NAMES) {
      const { to, slot } = stepOf(name);
      const after = to === 'same' ? originsOf(name) : [to];
      for (const state of after) {
        const then = slot.then === 'none' ? [] : slot.then === 'active' ? ['active'] : slot.of;
        expect({ name, ends: isFinished(state) }).toEqual({ name, ends: then.length === 0 });
        for (const one of then)
          expect({ name, slots: RUN_STATE_RULES[state].slots }).toEqual({ name, slots: expect.arrayContaining([one]) });
      }
    }
  });

  // Protocol: I5, I12
  it('raises the epoch where a run starts and wherever what its owner began is given up', () => {
    const raising = NAMES.filter((name) => stepOf(name).epoch === 'raise').sort();
    expect(raising).toEqual([
      'abortBehind',
      'beginAbort',
      'beginSteps',
      'cancelAfterRewind',
      'cancelAttempt',
      'cancelSteps',
      'catchUp',
      'failAfterRewind',
      'failSteps',
      'recant',
      'resolveAbort',
      'resolveCommit',
      'resolveToCompensation',
      'resolveToLastSteps',
      'start',
    ]);
    for (const name of NAMES) {
      const { to } = stepOf(name);
      const entersAttempt = originsOf(name).every((state) => BEFORE_T1.includes(state)) && to === 'running';
      if (entersAttempt || to === 'aborting') expect(stepOf(name).epoch).toBe('raise');
    }
  });

  // Protocol: I35
  it('takes steps back only with an epoch that those who did them do not have', () => {
    const turning = NAMES.filter((name) => stepOf(name).to === 'compensating');
    for (const name of turning) {
      // An abort has raised it already.
      const isFenced = stepOf(name).epoch === 'raise' || originsOf(name).every((state) => state === 'aborting');
      expect({ name, isFenced }).toEqual({ name, isFenced: true });
    }
    expect(turning.length).toBeGreaterThan(0);
  });

  it('gives a run an epoch before the first state that has one', () => {
    for (const name of NAMES) {
      const { to, epoch } = stepOf(name);
      if (to === 'same' || RUN_STATE_RULES[to].epoch === 'perhaps') continue;
      const given = originsOf(name).every((state) => RUN_STATE_RULES[state].epoch === 'given');
      expect({ name, given: given || epoch === 'raise' }).toEqual({ name, given: true });
    }
  });

  it('is left alone with no owner wherever nobody works on a run', () => {
    for (const name of NAMES) {
      const { to, owner } = stepOf(name);
      if (to !== 'same' && (isFinished(to) || to === 'queued' || to === 'in_doubt')) {
        expect({ name, owned: owner === 'renew' || owner === 'take' }).toEqual({ name, owned: false });
      }
    }
  });
});
