export { planOf, simulate, simulatePlan } from './simulation.js';
export type { Result, SimulationOptions } from './simulation.js';
export { simulationPlan } from './workload/plan.js';
export type { SimulationPlan } from './workload/plan.js';
export { GUARDS } from './guards/guards.js';
export type { Guard, Mutation } from './guards/guards.js';
