import { isEdenError } from '@eden/domain';
import type { Uuid } from '@eden/domain';
import { Interrupted, isLost } from '../control/failure.js';
import type { Ownership } from '../control/ownership.js';
import { abortAfter, backoffMs, pauseUnless } from '../control/pacing.js';
import type { EngineDeps } from '../deps.js';
import type { Progress } from './progress.js';

/** What changes within it is written together: nobody watches more closely, and each record takes of the machine that works. */
const PACE_MS = 100;

/**
 * Writes what has changed of an attempt's progress, beside its work and as many APIs at once as have changed meanwhile:
 * no statement waits for a record, and a control database that is away for a moment stops none. Only the votes wait for
 * the last one, because a rollback needs what stands in the records.
 */
export class Recorder {
  private readonly changed = new Set<Uuid>();
  private readonly stopping = new AbortController();
  /** Once it is aborted, no record waits for others to go with it. */
  private readonly hurry = new AbortController();
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
    if (this.hasEnded) return;
    this.writing ??= this.write();
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
    this.hurry.abort();
    while (this.writing !== null) await this.writing;
    patience.removeEventListener('abort', giveUp);
    if (this.failure !== null) throw this.failure.error;
    if (this.changed.size > 0) throw new Interrupted('its progress could not be recorded');
  }

  /** Writes nothing more; what is being written may still arrive, if the run is ours. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.hurry.abort();
    await this.writing;
  }

  /** Nothing is written any more. */
  private get hasEnded(): boolean {
    return this.failure !== null || this.stopping.signal.aborted;
  }

  /** Is begun when there is something to write only: it ends by itself, behind at least one answer. */
  private async write(): Promise<void> {
    for (let attempt = 0; this.changed.size > 0 && !this.hasEnded; attempt += 1) {
      const apis = [...this.changed];
      this.changed.clear();
      const changes = apis.map((api) => this.progress.take(api));
      try {
        await this.deps.journal.recordApis(this.ownership.current, changes);
        attempt = -1;
        await pauseUnless(this.deps, this.hurry.signal, PACE_MS);
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
