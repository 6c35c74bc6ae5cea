export type { CoordinatorDeps, CoordinatorSettings } from './deps.js';
export { consumeRun } from './runs/consume-run.js';
export type { RunDeps, RunSettings } from './runs/deps.js';
export { recoverRuns } from './runs/recover-runs.js';
export { relayOutbox } from './runs/relay-outbox.js';
export type { RunRequest } from './runs/request-run.js';
export { requestRun } from './runs/request-run.js';
export { sweepOrphans } from './runs/sweep-orphans.js';
