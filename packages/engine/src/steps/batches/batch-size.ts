import type { JsonObject } from '@eden/domain';

/*
 * Time efficiency = how long a batch took / how long it should take. Batches that take about as long as they should hold
 * locks for a bounded time and still cost few round trips.
 *
 * After GitLab's batched background migrations (lib/gitlab/database/background_migration/batch_optimizer.rb, and "Batch size
 * optimization" in docs.gitlab.com/development/database/batched_background_migrations): an exponential moving average of the
 * latest jobs' efficiencies, a range in which nothing is changed, and steps upwards that are bounded. Other than there, each
 * job counts as if it had been of the present size, so that the average does not drag behind a change, and a batch that takes
 * too long is made smaller at once by as much as it is too large.
 */

/** In between, the size stays as it is. */
export const EFFICIENCY = { least: 0.9, most: 0.95 } as const;

/** Of the latest batch in the average. */
const WEIGHT = 0.3;
const JOBS = 10;
const FASTEST_GROWTH = 1.5;
const FASTEST_FALL = 0.25;

/** Its keys may all be answered, and nobody holds more of them. */
export const LARGEST_BATCH = 50_000;

/** What a batch may answer, as JSON: half of what a statement is allowed where nobody has set another limit. */
const LARGEST_ANSWER = 4 * 1024 * 1024;
/** Rows of an answer that are measured. */
const MEASURED_ROWS = 100;

/** A batch that has committed. */
export interface BatchJob {
  /** That it was given. */
  readonly size: number;
  readonly ms: number;
  /** Of its rows, as `widthOf` measures it. */
  readonly width?: number;
}

/** How long a row of an answer is as JSON, in the mean of the first ones; 0 where there are none. */
export function widthOf(rows: readonly JsonObject[]): number {
  const measured = rows.slice(0, MEASURED_ROWS);
  return measured.length === 0 ? 0 : JSON.stringify(measured).length / measured.length;
}

/** Those that count, the latest last. */
export function withJob(jobs: readonly BatchJob[], job: BatchJob): readonly BatchJob[] {
  return [...jobs, job].slice(-JOBS);
}

/** Of batches of this size; null while there were none. */
export function efficiencyOf(jobs: readonly BatchJob[], size: number, targetMs: number): number | null {
  const [first, ...others] = jobs.map((job) => (job.ms / targetMs) * (size / job.size));
  if (first === undefined) return null;
  return others.reduce((average, each) => average + WEIGHT * (each - average), first);
}

/** The next batch's size. @param jobs As `withJob` keeps them */
export function nextSize(size: number, jobs: readonly BatchJob[], targetMs: number): number {
  const most = Math.min(Math.max(LARGEST_BATCH, size), answerableSize(jobs));
  return Math.max(1, Math.min(most, sizeInTime(size, efficiencyOf(jobs, size, targetMs))));
}

function sizeInTime(size: number, efficiency: number | null): number {
  if (efficiency === null || (efficiency >= EFFICIENCY.least && efficiency <= EFFICIENCY.most)) return size;
  const aim = (EFFICIENCY.least + EFFICIENCY.most) / 2;
  const factor = efficiency === 0 ? FASTEST_GROWTH : Math.min(FASTEST_GROWTH, Math.max(FASTEST_FALL, aim / efficiency));
  return factor > 1 ? Math.ceil(size * factor) : Math.floor(size * factor);
}

/** Up to which size the rows of a batch can be answered as a whole. */
function answerableSize(jobs: readonly BatchJob[]): number {
  return Math.floor(LARGEST_ANSWER / Math.max(1, ...jobs.map(({ width = 0 }) => width)));
}
