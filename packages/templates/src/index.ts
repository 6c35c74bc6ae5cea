export { createTemplateEngine } from './template-engine.js';
