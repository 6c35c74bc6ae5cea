export { planOf, simulate, simulatePlan } from './simulation.js';
export type { Result, SimulationOptions } from './simulation.js';
export { simulationPlan } from './workload/drawn-plan.js';
export type { SimulationPlan } from './workload/plan.js';
export { AIMED_AT } from './guards/aimed.js';
export { GUARDS } from './guards/guards.js';
export type { Guard, Mutation } from './guards/guard.js';
