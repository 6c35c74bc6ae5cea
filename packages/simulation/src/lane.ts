import { endWhenStill } from './end-when-still.js';
import { planFor } from './guards/aimed.js';
import { simulatePlan, type Result } from './simulation.js';

/** What a lane is told to do. */
export interface Order {
  readonly seeds: readonly number[];
  /** What is taken away; null: nothing. */
  readonly breakage: string | null;
  /** Of that, what the ports leave out. */
  readonly broken: readonly string[];
}

/** What became of one seed. */
export interface Report {
  readonly seed: number;
  readonly steps: number;
  readonly runs: number;
  readonly executions: number;
  readonly faults: readonly (readonly [string, number])[];
  readonly violations: readonly string[];
}

/** A process that simulates what it is told, so that all processors have something to do, and one that stands still is ended. */
const moved = endWhenStill();
const rejections: string[] = [];
process.on('unhandledRejection', (reason) => {
  rejections.push(`no crash: nobody handles ${String(reason)}`);
});

process.on('message', (order: Order) => {
  void work(order);
});

async function work({ seeds, breakage, broken }: Order): Promise<void> {
  for (const seed of seeds) {
    rejections.length = 0;
    const result = await simulatePlan(seed, planFor(seed, breakage), { broken: new Set(broken) });
    moved();
    process.send?.(reportOf(result));
  }
  process.send?.('more');
}

function reportOf({ seed, steps, runs, executions, faults, violations }: Result): Report {
  const broken = [...violations.map(({ message }) => message), ...rejections];
  return { seed, steps, runs, executions, faults: [...faults], violations: broken };
}
