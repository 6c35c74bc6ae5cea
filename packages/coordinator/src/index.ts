export type { CoordinatorDeps, CoordinatorSettings } from './deps.js';
