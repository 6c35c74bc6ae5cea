import type { FurtherNotices, NewRunEvent, Notice, NoticePlace } from '@eden/domain';
import { isLost } from '../control/failure.js';
import type { Ownership } from '../control/ownership.js';
import type { EngineDeps } from '../deps.js';

type NoticeEvent = NewRunEvent<'notice' | 'further_notices'>;

/** What is kept of one attempt, beyond which notices are only counted. */
const MOST_OF_RUN = 500;
const MOST_CHARACTERS_OF_RUN = 256 * 1024;

/**
 * Writes into the run's history what its databases say beside their answers (RAISE NOTICE, warnings), while they work and
 * as many at once as have come meanwhile. Nothing depends on them: those that cannot be written are counted with the rest.
 */
export class Notices {
  private pending: NoticeEvent[] = [];
  private kept = 0;
  private characters = 0;
  private further = 0;
  private writing: Promise<void> | null = null;

  constructor(
    private readonly deps: Pick<EngineDeps, 'journal' | 'telemetry'>,
    private readonly ownership: Pick<Ownership, 'current'>,
  ) {}

  note(place: NoticePlace, said: Notice | FurtherNotices): void {
    const event: NoticeEvent =
      'further' in said
        ? { type: 'further_notices', data: { ...place, count: said.further } }
        : { type: 'notice', data: { ...place, ...said } };
    this.kept += 1;
    this.characters += JSON.stringify(event).length;
    if (this.kept > MOST_OF_RUN || this.characters > MOST_CHARACTERS_OF_RUN) this.further += countOf(event);
    else this.pending.push(event);
    if (this.pending.length > 0) this.writing ??= this.write();
  }

  /** Resolves when all has been written, or given up, with the number of those that were not. */
  async flush(): Promise<void> {
    await this.writing;
    if (this.further === 0) return;
    const event = { type: 'further_notices', data: { count: this.further } } as const;
    this.further = 0;
    await this.record([event]);
  }

  private async write(): Promise<void> {
    while (this.pending.length > 0) {
      const events = this.pending;
      this.pending = [];
      await this.record(events);
    }
    this.writing = null;
  }

  private async record(events: readonly NoticeEvent[]): Promise<void> {
    try {
      await this.deps.journal.recordEvents(this.ownership.current, events);
    } catch (error) {
      this.further += events.reduce((sum, event) => sum + countOf(event), 0);
      const { uuid: run } = this.ownership.current.run;
      if (!isLost(error)) this.deps.telemetry.log.warn('notices not recorded', { run, notices: events.length, error });
    }
  }
}

function countOf(event: NoticeEvent): number {
  return event.type === 'notice' ? 1 : event.data.count;
}
