import type { SimulationPlan } from '../workload/plan.js';

/** What the simulator has found in the engine, and was mended: the plan that showed it, and schedules that did. */
export interface Finding {
  readonly name: string;
  readonly plan: SimulationPlan;
  /** Of the scheduler. */
  readonly seeds: readonly number[];
}
