import fc from 'fast-check';
import { endWhenStill } from './end-when-still.js';
import { brokenPorts, type Breakage } from './guards/guards.js';
import { planFor } from './guards/aimed.js';
import { planOf, simulatePlan, type Result, type SimulationOptions } from './simulation.js';
import { simulationPlan } from './workload/drawn-plan.js';
import type { SimulationPlan } from './workload/plan.js';

export interface Telling {
  readonly breakage: Breakage | null;
  /** Whether a smaller plan is looked for that fails as well. */
  readonly isShrunk: boolean;
  /** Lines of the story that are told, the last ones. */
  readonly most: number;
}

/** Tells a seed's story: who did what, in order, and what is durable in the end. Answers whether it has failed. */
export async function tellSeed(seed: number, { breakage, isShrunk, most }: Telling): Promise<boolean> {
  const moved = endWhenStill();
  const options: SimulationOptions = { broken: new Set(breakage === null ? [] : brokenPorts(breakage)), tells: true };
  const plan = isShrunk ? await shrunk(seed, options, moved) : planFor(seed, breakage?.name ?? null);
  const result = await simulatePlan(seed, plan, options);
  console.log(`\nThe story of seed ${seed}:`);
  console.log(JSON.stringify(plan));
  const lines = [...result.story, ...result.state];
  const told = lines.slice(-Math.min(most, lines.length));
  if (told.length < lines.length) console.log(`… ${lines.length - told.length} lines before`);
  for (const line of told) console.log(line);
  for (const { message } of result.violations) console.log(`✗ ${message}`);
  return result.violations.length > 0;
}

async function shrunk(seed: number, options: SimulationOptions, moved: () => void): Promise<SimulationPlan> {
  const holds = fc.asyncProperty(simulationPlan, async (plan) => {
    moved();
    return isFine(await simulatePlan(seed, plan, options));
  });
  const details = await fc.check(holds, { seed, numRuns: 1, interruptAfterTimeLimit: 60_000 });
  return details.counterexample?.[0] ?? planOf(seed);
}

function isFine({ violations }: Result): boolean {
  return violations.length === 0;
}
