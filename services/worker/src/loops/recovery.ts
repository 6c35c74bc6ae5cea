import { recoverRuns, sweepOrphans } from '@eden/coordinator';
import type { RunDeps } from '@eden/coordinator';
import { startLoop } from './repeating.js';

const RECOVER_MS = 1_000;
const SWEEP_ORPHANS_MS = 10_000;

export interface Recovery {
  /** Interrupts what waits for a target that is away, and waits for the rest. */
  stop(): Promise<void>;
}

/**
 * Finishes the runs of dead workers, at the start and every second, and those that were taken from their worker at once;
 * sweeps what nobody will ever commit.
 */
export function startRecovery(deps: RunDeps, observeInDoubt: (runs: number, oldestAgeMs: number) => void): Recovery {
  const stopping = new AbortController();
  const { log } = deps.telemetry;
  const recoveries = new Set<Promise<void>>();
  const recover = (): void => {
    const recovery = recoverRuns(deps, stopping.signal)
      .catch((error: unknown) => log.warn('recovery failed', { error }))
      .finally(() => recoveries.delete(recovery));
    recoveries.add(recovery);
  };
  const rounds = startLoop({
    name: 'recovery',
    everyMs: RECOVER_MS,
    log,
    round: async () => {
      recover();
      const { runs, oldestAgeMs } = await deps.journal.inDoubt();
      observeInDoubt(runs, oldestAgeMs);
    },
  });
  const unsubscribe = deps.journal.onReleased(rounds.wake);
  const orphans = startLoop({
    name: 'orphan-sweep',
    everyMs: SWEEP_ORPHANS_MS,
    log,
    round: () => sweepOrphans(deps),
  });
  return {
    stop: async () => {
      stopping.abort();
      unsubscribe();
      await Promise.all([rounds.stop(), orphans.stop()]);
      await Promise.all(recoveries);
    },
  };
}
