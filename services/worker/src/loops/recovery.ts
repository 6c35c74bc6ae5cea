import { auditRuns, recoverRuns, sweepDue } from '@eden/engine';
import type { EngineDeps } from '@eden/engine';
import type { ServiceTelemetry } from '@eden/telemetry';
import { startLoop } from './repeating.js';

/** A dead worker's run is through within its lease and a second (protocol I15): a quarter of that second goes to noticing. */
const RECOVER_MS = 250;
const SWEEP_ORPHANS_MS = 10_000;
const AUDIT_MS = 60_000;

/** What recovery tells of the state of things. */
export type RecoveryGauges = Pick<ServiceTelemetry, 'inDoubtObserved' | 'orphansObserved'>;

export interface Recovery {
  /** Interrupts what waits for a target that is away, and waits for the rest. */
  stop(): Promise<void>;
}

/**
 * Finishes the runs of dead workers, at the start and four times a second, and those that were taken from their worker
 * at once; sweeps what nobody will ever commit, each database by one worker, and compares finished runs with their targets.
 */
export function startRecovery(deps: EngineDeps, gauges: RecoveryGauges): Recovery {
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
      gauges.inDoubtObserved(runs, oldestAgeMs);
    },
  });
  const unsubscribe = deps.journal.onReleased(rounds.wake);
  const orphans = startLoop({
    name: 'orphan-sweep',
    everyMs: SWEEP_ORPHANS_MS,
    log,
    round: async () => {
      gauges.orphansObserved(await sweepDue(deps, SWEEP_ORPHANS_MS));
    },
  });
  const audit = startLoop({ name: 'audit', everyMs: AUDIT_MS, log, round: () => auditRuns(deps) });
  return {
    stop: async () => {
      stopping.abort();
      unsubscribe();
      await Promise.all([rounds.stop(), orphans.stop(), audit.stop()]);
      await Promise.all(recoveries);
    },
  };
}
