export { SOURCE_TOOLS } from '@eden/domain';
export { detectSources } from './detect-sources.js';
export { namedPlace } from './place.js';
export type { DetectedSource, TreeFile } from './detection.js';
export { createSources } from './tools.js';
