import { isEdenError } from '@eden/domain';
import type { Uuid } from '@eden/domain';
import { isLost } from '../control/failure.js';
import type { Ownership } from '../control/ownership.js';
import { backoffMs, pauseUnless } from '../control/pacing.js';
import type { EngineDeps } from '../deps.js';
import type { Progress } from './progress.js';

/**
 * Writes what has changed of an attempt's progress, beside its work and as many APIs at once as have changed meanwhile:
 * no statement waits for a record, and a control database that is away for a moment stops none. Only the decision waits,
 * because a rollback needs what stands in the records.
 */
export class Recorder {
  private readonly changed = new Set<Uuid>();
  private writing: Promise<void> | null = null;
  private failure: { readonly error: unknown } | null = null;

  constructor(
    private readonly deps: EngineDeps,
    private readonly ownership: Ownership,
    private readonly progress: Progress,
    /** Aborted when the attempt has to let go: from then on nothing is tried again. */
    private readonly interrupted: AbortSignal,
  ) {}

  /** The API's record has changed. */
  note(api: Uuid): void {
    this.changed.add(api);
    this.writing ??= this.write().finally(() => (this.writing = null));
  }

  /**
   * Resolves when all that was noted is durable.
   * @throws EdenError FENCED, SERVICE_UNAVAILABLE when the attempt was interrupted first
   */
  async flush(): Promise<void> {
    await this.writing;
    if (this.failure !== null) throw this.failure.error;
  }

  private async write(): Promise<void> {
    for (let attempt = 0; this.changed.size > 0 && this.failure === null; attempt += 1) {
      const apis = [...this.changed];
      this.changed.clear();
      try {
        const records = apis.map((api) => this.progress.of(api));
        await this.deps.journal.recordApis(this.ownership.current, records);
        attempt = -1;
      } catch (error) {
        apis.forEach((api) => this.changed.add(api));
        await this.later(error, attempt);
      }
    }
  }

  /** An outage is waited out for as long as the run is ours; everything else ends the records. */
  private async later(error: unknown, attempt: number): Promise<void> {
    if (!isEdenError(error, 'SERVICE_UNAVAILABLE') || this.interrupted.aborted) {
      this.failure = { error };
      if (!isLost(error)) this.warn(error);
      return;
    }
    this.warn(error);
    await pauseUnless(this.deps, this.interrupted, backoffMs(this.deps, attempt));
  }

  private warn(error: unknown): void {
    const { uuid: run } = this.ownership.current.run;
    this.deps.telemetry.log.warn('progress of a run not recorded', { run, reason: String(error) });
  }
}
