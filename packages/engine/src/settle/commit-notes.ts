import type { Ownership } from '../control/ownership.js';
import type { EngineDeps } from '../deps.js';
import type { Participant } from '../participants/participant.js';

/**
 * Tells which databases have committed, as many at once as have done so meanwhile: for whoever looks at the run while
 * another target is away. Nothing depends on it, and no commit waits for it.
 */
export class CommitNotes {
  private pending: Participant[] = [];
  private writing: Promise<void> | null = null;

  constructor(
    private readonly deps: Pick<EngineDeps, 'journal' | 'telemetry'>,
    private readonly ownership: Pick<Ownership, 'current'>,
  ) {}

  note(participant: Participant): void {
    this.pending.push(participant);
    this.writing ??= this.write();
  }

  /** Resolves when all has been told, or given up. */
  async written(): Promise<void> {
    await this.writing;
  }

  private async write(): Promise<void> {
    while (this.pending.length > 0) {
      const committed = this.pending;
      this.pending = [];
      await this.tell(committed);
    }
    this.writing = null;
  }

  private async tell(committed: readonly Participant[]): Promise<void> {
    const { current } = this.ownership;
    const events = committed.map(({ row, endpoint }) => {
      return { type: 'target_committed', data: { database: row.database.name, endpoint_id: endpoint.id } } as const;
    });
    try {
      await this.deps.journal.recordEvents(current, events);
    } catch (error) {
      const databases = events.map(({ data }) => data.database);
      const fields = { run: current.run.uuid, databases, reason: String(error) };
      this.deps.telemetry.log.warn('commits of targets not noted', fields);
    }
  }
}
