import { isEdenError } from '@eden/domain';
import type {
  BackfillOptions,
  BatchCheckpoint,
  BatchProgress,
  BatchSession,
  MaintenanceWindow,
  RunTuning,
  TargetPressure,
  Throttle,
} from '@eden/domain';
import { Interrupted, WORKER_STOPS } from '../../control/failure.js';
import { assertWindowOpen, windowOf } from '../../control/maintenance.js';
import { pauseUnless } from '../../control/pacing.js';
import type { StepAttempt } from '../step-class.js';
import type { BatchJob } from './batch-size.js';
import { nextSize, withJob } from './batch-size.js';
import type { BatchLimits } from './limits.js';
import { asksForPressure, limitsOfBatches, throttleOf, withinRate } from './limits.js';
import type { RowSample } from './rate.js';
import { restMsOf, rowsPerSecondOf, withSample } from './rate.js';

/** How often the control database hears of a step, and says whether its pace was changed. */
const TELL_MS = 1_000;
/** How often its history does, while nothing else changes. */
const HISTORY_MS = 10_000;
/** How often the target is asked what else it has to do, and longest sleep before somebody is heard. */
const LOOK_MS = 1_000;

/** What its migration says of it, which does not change while the run is there. */
interface Known {
  readonly backfill: BackfillOptions;
  readonly window: MaintenanceWindow | null;
}

/** When the next batch of a step begins, of which size it is, and what the control database hears of it. */
export class BatchPace {
  private jobs: readonly BatchJob[] = [];
  private samples: readonly RowSample[] = [];
  private throttle: Throttle | null = null;
  private pressure: { readonly atMs: number; readonly found: TargetPressure } | null = null;
  private toldAt = -Infinity;
  private inHistoryAt = -Infinity;
  private causeInHistory: Throttle['cause'] | null = null;
  private heardAt: number;
  /** Batches that somebody has told of. */
  private toldBatches: number;
  private tuning: RunTuning | null;

  private constructor(
    private readonly attempt: StepAttempt,
    private readonly batches: BatchSession,
    private readonly migration: Known,
    private size: number,
  ) {
    this.tuning = attempt.stepping.ownership.current.run.tuning;
    this.heardAt = this.nowMs;
    this.toldBatches = attempt.step.progress?.batches ?? 0;
  }

  /** @param size Of the first batch */
  static async of(attempt: StepAttempt, batches: BatchSession, size: number): Promise<BatchPace> {
    const { deps, ownership } = attempt.stepping;
    const { run } = ownership.current;
    const { options } = await deps.journal.reader(run.organizationUuid).migration(run.migrationUuid);
    const known = attempt.step.progress?.batchSize ?? size;
    const backfill = options.backfill ?? {};
    return new BatchPace(attempt, batches, { backfill, window: await windowOf(deps, run) }, known);
  }

  /** Waits until the next batch may begin. Answers its size. @throws HeldBack, Interrupted; EdenError FENCED */
  async untilNext(at: BatchCheckpoint): Promise<number> {
    for (;;) {
      const { stop, ownership } = this.attempt.stepping;
      if (stop.aborted || ownership.signal.aborted) throw new Interrupted(WORKER_STOPS);
      assertWindowOpen(this.deps, this.migration.window);
      const owedMs = this.attempt.stepping.budget.waitMs(this.limits.rowsPerSecond, this.nowMs);
      this.throttle = throttleOf(this.limits, await this.look(), owedMs);
      if (this.nowMs - this.toldAt >= TELL_MS) await this.tell(at);
      if (this.throttle === null) return this.sizeNow;
      const waitMs = this.throttle.cause === 'rows_per_second' ? Math.min(owedMs, LOOK_MS) : LOOK_MS;
      await pauseUnless(this.deps, AbortSignal.any([stop, ownership.signal]), waitMs);
    }
  }

  note(job: BatchJob, rows: number): void {
    const { rowsPerSecond, size, targetMs } = this.limits;
    this.attempt.stepping.budget.spend(rows, rowsPerSecond, this.nowMs);
    this.jobs = withJob(this.jobs, job);
    if (size === null) this.size = nextSize(job.size, this.jobs, targetMs);
  }

  /** What is committed is safe whether or not anybody hears of it; a control database that is away is not waited for. */
  async tell(at: BatchCheckpoint): Promise<void> {
    const { deps, ownership } = this.attempt.stepping;
    const now = this.nowMs;
    this.toldAt = now;
    this.samples = withSample(this.samples, { atMs: now, rows: at.rows });
    const cause = this.throttle?.cause ?? null;
    const isTold = cause !== this.causeInHistory || now - this.inHistoryAt >= HISTORY_MS || at.isDone;
    const news = { isTold, isFurther: at.batches > this.toldBatches };
    try {
      const { number } = this.attempt.step;
      this.tuning = await deps.journal.recordBatches(ownership.current, number, this.progressAt(at), news);
      [this.heardAt, this.toldBatches] = [now, at.batches];
    } catch (error) {
      // Whoever is heard of no more for a lease may have been followed by another worker.
      if (!isEdenError(error, 'SERVICE_UNAVAILABLE') || now - this.heardAt > deps.settings.leaseMs) throw error;
      return;
    }
    if (isTold) [this.inHistoryAt, this.causeInHistory] = [now, cause];
  }

  private progressAt({ rows, batches }: BatchCheckpoint): BatchProgress {
    const planned = this.attempt.step.work.batch?.estimatedRows ?? null;
    const rowsPerSecond = rowsPerSecondOf(this.samples);
    const restMs = restMsOf(rows, planned, rowsPerSecond);
    return {
      ...{ rows, batches, rowsPerSecond, throttle: this.throttle },
      estimatedRows: planned === null ? null : Math.max(planned, rows),
      batchSize: this.sizeNow,
      endsAt: restMs === null ? null : new Date(this.deps.clock.now().getTime() + restMs).toISOString(),
    };
  }

  private async look(): Promise<TargetPressure | null> {
    if (!asksForPressure(this.limits)) return null;
    const now = this.nowMs;
    if (this.pressure === null || now - this.pressure.atMs >= LOOK_MS) {
      this.pressure = { atMs: now, found: await this.batches.pressure() };
    }
    return this.pressure.found;
  }

  private get limits(): BatchLimits {
    return limitsOfBatches(this.migration.backfill, this.tuning);
  }

  private get sizeNow(): number {
    return withinRate(this.limits.size ?? this.size, this.limits);
  }

  private get deps() {
    return this.attempt.stepping.deps;
  }

  private get nowMs(): number {
    return this.deps.clock.elapsedMs();
  }
}
