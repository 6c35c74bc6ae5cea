import { DEFAULT_TARGET_BATCH_MS } from '@eden/domain';
import type { BackfillOptions, RunTuning, TargetPressure, Throttle } from '@eden/domain';

/** What holds now; null: no limit. */
export interface BatchLimits {
  readonly targetMs: number;
  /** That a person has set. Null: it is tuned. */
  readonly size: number | null;
  readonly rowsPerSecond: number | null;
  readonly replicaLagMs: number | null;
  readonly activeSessions: number | null;
}

/** What was changed while the run is at work stands in place of its migration's options. */
export function limitsOfBatches(options: BackfillOptions, tuning: RunTuning | null): BatchLimits {
  const tuned = (name: 'max_rows_per_second' | 'max_replica_lag_ms'): number | null => {
    const asked = tuning?.[name];
    return asked === undefined ? (options[name] ?? null) : asked;
  };
  return {
    targetMs: options.target_batch_ms ?? DEFAULT_TARGET_BATCH_MS,
    size: tuning?.batch_size ?? null,
    rowsPerSecond: tuned('max_rows_per_second'),
    replicaLagMs: tuned('max_replica_lag_ms'),
    activeSessions: options.max_active_sessions ?? null,
  };
}

export function asksForPressure({ replicaLagMs, activeSessions }: BatchLimits): boolean {
  return replicaLagMs !== null || activeSessions !== null;
}

/** A batch is no larger than what the rate allows in a second, so that it is kept within seconds and not on average alone. */
export function withinRate(size: number, { rowsPerSecond }: BatchLimits): number {
  return rowsPerSecond === null ? size : Math.max(1, Math.min(size, rowsPerSecond));
}

/**
 * What holds the next batch back; null: nothing. What cannot be read holds it back as well.
 * @param owedMs How long the rows that were done last for
 */
export function throttleOf(limits: BatchLimits, pressure: TargetPressure | null, owedMs: number): Throttle | null {
  return (
    (pressure === null ? null : (lagThrottle(limits, pressure) ?? sessionThrottle(limits, pressure))) ??
    (owedMs > 0 ? { cause: 'rows_per_second', reason: `${limits.rowsPerSecond ?? 0} rows a second may be done` } : null)
  );
}

function lagThrottle(
  { replicaLagMs: most }: BatchLimits,
  { replicaLagMs: lag, untold }: TargetPressure,
): Throttle | null {
  if (most === null || (lag !== null && lag <= most)) return null;
  const words =
    lag === null ? `the lag of its replicas is not told: ${untold}` : `a replica is ${lag} ms behind, ${most} may be`;
  return { cause: 'replica_lag', reason: words };
}

function sessionThrottle(
  { activeSessions: most }: BatchLimits,
  { activeSessions: active, untold }: TargetPressure,
): Throttle | null {
  if (most === null || (active !== null && active <= most)) return null;
  const words =
    active === null ? `its sessions at work are not told: ${untold}` : `${active} sessions are at work, ${most} may be`;
  return { cause: 'active_sessions', reason: words };
}
