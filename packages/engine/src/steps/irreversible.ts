import type { StepClass } from './step-class.js';

/** Nothing takes it back; when its run fails, no late try may do it any more, and what it has done is named. */
export const irreversible: StepClass = {
  waitsForTarget: false,
  carryOut: (session) => session.carryOut(),
  compensate: async (session) => {
    await session.compensate();
    return 'left';
  },
};
