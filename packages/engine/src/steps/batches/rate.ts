/** Rows as they were at a moment of `Clock.elapsedMs`. */
export interface RowSample {
  readonly atMs: number;
  readonly rows: number;
}

const WINDOW_MS = 30_000;
const SECOND_MS = 1_000;

/** The latest last; the one from before the window stays, so that it is looked at as a whole. */
export function withSample(samples: readonly RowSample[], sample: RowSample): readonly RowSample[] {
  const all = [...samples, sample];
  const from = all.findLastIndex(({ atMs }) => atMs <= sample.atMs - WINDOW_MS);
  return all.slice(Math.max(0, from));
}

/** Over all samples; null where they tell nothing. */
export function rowsPerSecondOf(samples: readonly RowSample[]): number | null {
  const [first, last] = [samples[0], samples.at(-1)];
  if (first === undefined || last === undefined || last.atMs <= first.atMs) return null;
  return ((last.rows - first.rows) / (last.atMs - first.atMs)) * SECOND_MS;
}

/** Longest estimate that is told: behind it lies no date that anybody plans by. */
const LONGEST_MS = 365 * 86_400_000;

/** How long the rest takes at that rate; null where nobody can say. */
export function restMsOf(rows: number, estimated: number | null, rowsPerSecond: number | null): number | null {
  if (estimated === null || estimated <= rows || rowsPerSecond === null || rowsPerSecond <= 0) return null;
  const ms = ((estimated - rows) / rowsPerSecond) * SECOND_MS;
  return ms > LONGEST_MS ? null : ms;
}
