import { BEHIND, END, INTERVENE, MIGRATE, type RunStep } from './run-step.js';

/** The steps of a migrate that waits behind a sync (run-machine.ts). */
export const BEHIND_RUN_STEPS = {
  promote: {
    ...INTERVENE,
    from: { queued: MIGRATE },
    to: 'same',
    slot: { of: BEHIND, then: 'active' },
    event: null,
    when: 'the sync before it has succeeded',
  },
  failBehind: {
    ...END,
    from: { queued: MIGRATE },
    to: 'failed',
    guard: 'none',
    slot: { of: BEHIND, then: 'none' },
    when: 'the sync before it has not succeeded',
  },
  abortBehind: {
    ...INTERVENE,
    from: { queued: MIGRATE },
    to: 'aborting',
    epoch: 'raise',
    owner: 'drop',
    slot: { of: BEHIND, then: 'active' },
    event: 'aborting',
    when: 'the sync before it is over without success, and it was queued on another timeline',
  },
  cancelBehind: {
    ...INTERVENE,
    from: { queued: MIGRATE },
    to: 'same',
    slot: { of: BEHIND, then: 'same' },
    event: null,
    when: 'cancel, it was queued on another timeline, and the sync before it is not over yet',
  },
} as const satisfies Record<string, RunStep>;
