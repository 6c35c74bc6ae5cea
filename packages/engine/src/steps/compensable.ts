import type { StepClass } from './step-class.js';

/** Can be taken back, as its target or its rollback knows how. */
export const compensable: StepClass = {
  waitsForTarget: false,
  carryOut: (session) => session.carryOut(),
  compensate: async (session) => {
    await session.compensate();
    return 'undone';
  },
};
