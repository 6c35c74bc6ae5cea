import { auditRuns, recoverRuns, sweepDue } from '@eden/engine';
import type { EngineDeps } from '@eden/engine';
import type { ServiceTelemetry } from '@eden/telemetry';
import { startLoop, type Loop } from './repeating.js';

/** A dead worker's run is through within its lease and a second (protocol I15): a quarter of that second goes to noticing. */
const RECOVER_MS = 250;
/** Nobody reads a gauge more often. */
const OBSERVE_MS = 1_000;
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
    round: () => {
      recover();
      return Promise.resolve();
    },
  });
  const unsubscribe = deps.journal.onReleased(rounds.wake);
  const watches = startWatches(deps, gauges);
  return {
    stop: async () => {
      stopping.abort();
      unsubscribe();
      await Promise.all([rounds, ...watches].map((loop) => loop.stop()));
      await Promise.all(recoveries);
    },
  };
}

/** What is told, swept and compared, each at its own pace. */
function startWatches(deps: EngineDeps, gauges: RecoveryGauges): readonly Loop[] {
  const { log } = deps.telemetry;
  const doubts = async (): Promise<void> => {
    const { runs, oldestAgeMs } = await deps.journal.inDoubt();
    gauges.inDoubtObserved(runs, oldestAgeMs);
  };
  const orphans = async (): Promise<void> => gauges.orphansObserved(await sweepDue(deps, SWEEP_ORPHANS_MS));
  return [
    startLoop({ name: 'in-doubt', everyMs: OBSERVE_MS, log, round: doubts }),
    startLoop({ name: 'orphan-sweep', everyMs: SWEEP_ORPHANS_MS, log, round: orphans }),
    startLoop({ name: 'audit', everyMs: AUDIT_MS, log, round: () => auditRuns(deps) }),
  ];
}
