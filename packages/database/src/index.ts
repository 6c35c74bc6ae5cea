export { createControlDatabase, type ControlDatabase, type ControlDatabaseOptions } from './control-database.js';
export { adoptAsCopy, adoptPlace, type AdoptedCopy, type PlaceOptions } from './places/adoption.js';
export { deployControlSchema, type DeployOptions } from './deploy.js';
