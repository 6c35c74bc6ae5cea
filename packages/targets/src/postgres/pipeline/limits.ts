/** Longer nobody keeps others waiting, neither at work nor for a lock. */
export const SOON_MS = 100;
