export * from './json.js';
export * from './ids.js';
export * from './errors.js';
export * from './endpoint.js';
export * from './template.js';
export * from './ports/locks.js';
export * from './ports/templates.js';
