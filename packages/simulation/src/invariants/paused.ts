import type { RunRow } from '../control/tables.js';
import type { Work } from '../targets/work.js';

/** For so long at most nobody may have heard of a pause who was not frozen: a lease, and an answer that is waited for. */
const UNHEARD_MS = 9_000;

/**
 * A paused run stands still (protocol I39): once its worker has to have heard of it, nothing more is done in a target, but for
 * the one batch that a worker which was frozen had in hand.
 */
export class Paused {
  private readonly since = new Map<string, number>();
  private readonly late = new Map<string, number>();

  constructor(private readonly now: () => number) {}

  changed({ uuid, state }: RunRow): void {
    if (state !== 'paused') this.since.delete(uuid);
    else if (!this.since.has(uuid)) this.since.set(uuid, this.now());
  }

  /** What is wrong with what is committed; null: nothing. */
  wrong({ batches }: Work, by: string): string | null {
    for (const { run } of batches) {
      const since = this.since.get(run);
      if (since === undefined || this.now() - since < UNHEARD_MS) continue;
      const key = `${run}/${since}/${by}`;
      const times = (this.late.get(key) ?? 0) + 1;
      this.late.set(key, times);
      if (times > 1) return `${by} has done ${times} batches of run ${run} since it has to know that it is paused`;
    }
    return null;
  }
}
