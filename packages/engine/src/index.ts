export type { EngineDeps, EngineSettings } from './deps.js';
export { auditRuns } from './settle/audit-runs.js';
export { consumeRun } from './consume-run.js';
export type { Retention } from './prune-history.js';
export { pruneHistory } from './prune-history.js';
export { recoverRuns } from './recover-runs.js';
export { callForgotten, relayOutbox } from './relay-outbox.js';
export { RunSlots } from './run-slots.js';
export { sweepDue, sweepOrphans } from './settle/sweep-orphans.js';
