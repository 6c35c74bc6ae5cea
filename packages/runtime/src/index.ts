export { identify, isAlive, type ProcessIdentity } from './process-identity.js';
export { systemChance } from './system-chance.js';
export { systemClock } from './system-clock.js';
