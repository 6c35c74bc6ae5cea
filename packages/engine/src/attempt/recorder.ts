import { isEdenError } from '@eden/domain';
import type { Uuid } from '@eden/domain';
import { Interrupted, isLost } from '../control/failure.js';
import type { Ownership } from '../control/ownership.js';
import { abortAfter, backoffMs, pauseUnless } from '../control/pacing.js';
import type { EngineDeps } from '../deps.js';
import type { Progress } from './progress.js';

/**
 * Writes what has changed of an attempt's progress, beside its work and as many APIs at once as have changed meanwhile:
 * no statement waits for a record, and a control database that is away for a moment stops none. Only the votes wait for
 * the last one, because a rollback needs what stands in the records.
 */
export class Recorder {
  private readonly changed = new Set<Uuid>();
  private readonly stopping = new AbortController();
  private writing: Promise<void> | null = null;
  private failure: { readonly error: unknown } | null = null;

  constructor(
    private readonly deps: EngineDeps,
    private readonly ownership: Ownership,
    private readonly progress: Progress,
  ) {}

  /** The API's record has changed. */
  note(api: Uuid): void {
    this.changed.add(api);
    // What writes nothing any more would have ended before `writing` says that it has begun, and be waited for without end.
    if (this.mayWrite) this.writing ??= this.write();
  }

  /**
   * Resolves when all that was noted is durable. Waits for a control database that is away no longer than a lease lasts:
   * locks and gates in the targets are held meanwhile.
   * @throws EdenError FENCED
   * @throws Interrupted when it stays away, or the recorder was stopped
   */
  async flush(): Promise<void> {
    const patience = abortAfter(this.deps, this.deps.settings.leaseMs);
    const giveUp = (): void => this.stopping.abort();
    patience.addEventListener('abort', giveUp);
    while (this.writing !== null) await this.writing;
    patience.removeEventListener('abort', giveUp);
    if (this.failure !== null) throw this.failure.error;
    if (this.changed.size > 0) throw new Interrupted('its progress could not be recorded');
  }

  /** Writes nothing more; what is being written may still arrive, if the run is ours. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.writing;
  }

  private get mayWrite(): boolean {
    return this.failure === null && !this.stopping.signal.aborted;
  }

  private async write(): Promise<void> {
    for (let attempt = 0; this.changed.size > 0 && this.mayWrite; attempt += 1) {
      const apis = [...this.changed];
      this.changed.clear();
      const changes = apis.map((api) => this.progress.take(api));
      try {
        await this.deps.journal.recordApis(this.ownership.current, changes);
        attempt = -1;
      } catch (error) {
        changes.forEach((change) => this.progress.putBack(change));
        apis.forEach((api) => this.changed.add(api));
        await this.waitOut(error, attempt);
      }
    }
    this.writing = null;
  }

  /** An outage is waited out; everything else ends the records. */
  private async waitOut(error: unknown, attempt: number): Promise<void> {
    const { uuid: run } = this.ownership.current.run;
    if (!isLost(error)) this.deps.telemetry.log.warn('progress not recorded', { run, reason: String(error) });
    if (!isEdenError(error, 'SERVICE_UNAVAILABLE')) this.failure = { error };
    else await pauseUnless(this.deps, this.stopping.signal, backoffMs(this.deps, attempt));
  }
}
