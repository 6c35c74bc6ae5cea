export { systemChance } from './system-chance.js';
export { systemClock } from './system-clock.js';
