export { deployControlSchema, type DeployOptions } from './deploy.js';
