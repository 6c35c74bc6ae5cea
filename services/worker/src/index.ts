export type { WorkerContext } from './context.js';
export { createContext } from './context.js';
export type { Worker } from './worker.js';
export { startWorker } from './worker.js';
