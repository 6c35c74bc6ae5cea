import type { Run, RunSummary } from '@eden/client';

/** Progress is no event: a run that is under way is read again so often. */
export const PROGRESS_MS = 1_500;

const OVER: readonly Run['state'][] = ['succeeded', 'failed', 'cancelled'];

export function isOver({ state }: Pick<RunSummary, 'state'>): boolean {
  return OVER.includes(state);
}

/** How long it has been at work; null before it has started. */
export function tookMs(run: Pick<RunSummary, 'started_at' | 'finished_at'>, now: number): number | null {
  if (run.started_at === null) return null;
  const end = run.finished_at === null ? now : Date.parse(run.finished_at);
  return Math.max(0, end - Date.parse(run.started_at));
}
