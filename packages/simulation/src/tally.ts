import type { Breakage } from './guards/guards.js';
import type { Report } from './lane.js';

/** Failing seeds that are named. */
const NAMED = 20;

/** What all schedules have come to. */
export class Tally {
  readonly failures: number[] = [];
  private passed = 0;
  private readonly steps: number[] = [];
  private runs = 0;
  private executions = 0;
  private faultless = 0;
  private readonly faults = new Map<string, number>();
  private readonly startedAt = performance.now();
  private readonly firstFailure: { seeds: number } = { seeds: 0 };

  constructor(private readonly breakage: Breakage | null) {}

  get failed(): number {
    return this.failures.length;
  }

  add({ seed, steps, runs, executions, faults, violations }: Report): void {
    this.steps.push(steps);
    this.runs += runs;
    this.executions += executions;
    if (faults.length === 0) this.faultless += 1;
    for (const [kind, count] of faults) this.faults.set(kind, (this.faults.get(kind) ?? 0) + count);
    if (violations.length === 0) this.passed += 1;
    else this.fail(seed, violations);
  }

  print(): void {
    const { steps, runs, executions, faults, faultless } = this;
    const seconds = (performance.now() - this.startedAt) / 1_000;
    const sorted = steps.toSorted((a, b) => a - b);
    const at = (part: number): number => sorted[Math.floor(part * (sorted.length - 1))] ?? 0;
    const perMinute = Math.round((steps.length / seconds) * 60);
    console.log(`${steps.length} schedules in ${seconds.toFixed(1)} s: ${perMinute} a minute`);
    console.log(`steps: ${at(0.5)} at the median, ${at(0.05)} to ${at(0.95)} for nine of ten, ${at(1)} at most`);
    console.log(`runs: ${runs}, API executions that answered: ${executions}, schedules without a fault: ${faultless}`);
    const kinds = [...faults].sort(([, a], [, b]) => b - a).map(([kind, count]) => `${kind} ${count}`);
    console.log(`faults: ${kinds.join(', ')}`);
    if (this.breakage !== null) this.printMissed(this.breakage);
  }

  printLastLine(): void {
    console.log(`${this.passed} passed, ${this.failed} failed`);
  }

  private printMissed({ name }: Breakage): void {
    const { seeds } = this.firstFailure;
    console.log(
      seeds > 0 ? `${name}: missed after ${seeds} seeds` : `${name}: not missed in ${this.steps.length} seeds`,
    );
  }

  private fail(seed: number, violations: readonly string[]): void {
    this.failures.push(seed);
    if (this.failures.length === 1) this.firstFailure.seeds = this.steps.length;
    if (this.failures.length > NAMED) return;
    const broken = this.breakage === null ? '' : ` --break ${this.breakage.name}`;
    console.log(`seed ${seed} fails: ${violations[0] ?? ''}`);
    console.log(`  npm run simulate -- --seed ${seed}${broken}`);
  }
}
