/** When a step outside the transaction runs: before the atomic part or after its commit. */
export const STEP_PHASES = ['before', 'after'] as const;
export type StepPhase = (typeof STEP_PHASES)[number];

/**
 * `running`: begun, and perhaps done. `undone`: taken back. `left`: its run has failed, and what it did stays, because
 * nothing takes it back.
 */
export const OUTSIDE_STEP_STATES = ['pending', 'running', 'done', 'failed', 'undoing', 'undone', 'left'] as const;
export type OutsideStepState = (typeof OUTSIDE_STEP_STATES)[number];
