export { createControlDatabase, type ControlDatabase, type ControlDatabaseOptions } from './control-database.js';
export { deployControlSchema, type DeployOptions } from './deploy.js';
