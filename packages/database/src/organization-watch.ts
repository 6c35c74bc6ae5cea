import { asUuid, isEdenError, type OrganizationChange, type RunKind, type RunState, type Uuid } from '@eden/domain';
import { Alarm } from './alarm.js';
import type { Client } from './client.js';
import { Prisma } from './generated/client.js';
import type { Notifications } from './listen.js';

/** Behind the notifications, for those that were missed. */
const POLL_INTERVAL_MS = 5_000;
/** However many events come, an organization is looked at this often at most. */
const LEAST_BETWEEN_MS = 100;
/** So far each look, and a stream that comes back, looks behind the last one. */
const OVERLAP_MS = 60_000;
/** Nobody is told what has moved since further back: whoever was away for so long reads anew. */
const LONGEST_BREAK_MS = 86_400_000;

interface Follow {
  /** Null: only what changes from now on. */
  readonly since: Date | null;
  readonly signal: AbortSignal;
}

interface LiveRun {
  readonly uuid: string;
  readonly migrationUuid: string;
  readonly migrationId: string;
  readonly kind: string;
  readonly state: string;
  readonly sequence: number;
}

interface Subscriber {
  tell(changes: readonly OrganizationChange[]): void;
  fail(error: unknown): void;
}

/**
 * Who looks at the pages of an organization: all of them in this process share one look, which a notification or the poll
 * brings about. A run has moved when the number of its events has.
 */
export class OrganizationWatch {
  private readonly places = new Map<Uuid, Place>();

  constructor(
    private readonly client: Client,
    private readonly notifications: Notifications,
  ) {}

  async *follow(organizationUuid: Uuid, { since, signal }: Follow): AsyncGenerator<readonly OrganizationChange[]> {
    const place = this.places.get(organizationUuid) ?? this.open(organizationUuid);
    const alarm = new Alarm();
    /** By what has changed, the latest last: whoever reads slowly is told how it is, and fills no memory with how it was. */
    const arrived = new Map<Uuid, OrganizationChange>();
    const ring = (): void => alarm.ring();
    let failure: { readonly error: unknown } | undefined;
    const leave = place.enter({
      tell: (changes) => {
        for (const change of changes) keepLatest(arrived, change);
        ring();
      },
      fail: (error) => {
        failure = { error };
        ring();
      },
    });
    signal.addEventListener('abort', ring);
    try {
      // What changes from here on is noticed, by the poll if need be.
      await place.isWatched;
      yield since === null ? [] : await changedSince(this.client, organizationUuid, since);
      while (!signal.aborted) {
        await alarm.rungWithin(POLL_INTERVAL_MS);
        if (failure !== undefined) throw failure.error;
        const changes = [...arrived.values()];
        arrived.clear();
        yield changes;
      }
    } finally {
      signal.removeEventListener('abort', ring);
      leave();
    }
  }

  private open(organizationUuid: Uuid): Place {
    const close = (): void => void this.places.delete(organizationUuid);
    const place = new Place(this.client, this.notifications, { organizationUuid, close });
    this.places.set(organizationUuid, place);
    return place;
  }
}

function keepLatest(arrived: Map<Uuid, OrganizationChange>, change: OrganizationChange): void {
  const of = change.run?.uuid ?? change.migrationUuid;
  arrived.delete(of);
  arrived.set(of, change);
}

/** One organization that somebody looks at. */
class Place {
  private readonly subscribers = new Set<Subscriber>();
  /** The number of events of each run, as last seen; null before the first look. */
  private known: Map<string, number> | null = null;
  private lookedAt = new Date();
  private looking = false;
  private isDue = false;
  private isClosed = false;
  private readonly stops: (() => void)[];
  private firstLookOver: () => void = () => undefined;
  /** Resolves after the first look, however many more are due. */
  readonly isWatched = new Promise<void>((resolve) => (this.firstLookOver = resolve));

  constructor(
    private readonly client: Client,
    notifications: Notifications,
    private readonly of: { readonly organizationUuid: Uuid; readonly close: () => void },
  ) {
    const poll = setInterval(() => this.look(), POLL_INTERVAL_MS).unref();
    this.stops = [
      notifications.on('eden_run_event', () => this.look()),
      notifications.on('eden_gate', (payload) => this.tellOfMigration(payload)),
      () => clearInterval(poll),
    ];
    this.look();
  }

  /** @returns the way out; the last one closes the place */
  enter(subscriber: Subscriber): () => void {
    this.subscribers.add(subscriber);
    return () => {
      this.subscribers.delete(subscriber);
      if (this.subscribers.size > 0) return;
      this.isClosed = true;
      for (const stop of this.stops) stop();
      this.of.close();
    };
  }

  /** Organization, uuid and id of a migration that was made, has moved, or is gone. */
  private tellOfMigration(payload: string | null): void {
    const [organization, uuid, id] = (payload ?? '').split(' ');
    if (organization !== this.of.organizationUuid || uuid === undefined || id === undefined) return;
    this.tell([{ at: new Date(), migrationUuid: asUuid(uuid), migrationId: id, run: null }]);
  }

  private look(): void {
    this.isDue = true;
    if (!this.looking) void this.lookWhileDue();
  }

  private async lookWhileDue(): Promise<void> {
    this.looking = true;
    while (this.isDue && !this.isClosed) {
      this.isDue = false;
      await this.lookOnce();
      this.firstLookOver();
      await new Promise((resolve) => setTimeout(resolve, LEAST_BETWEEN_MS).unref());
    }
    this.looking = false;
  }

  /** A control database that is away is looked at again by the next poll. */
  private async lookOnce(): Promise<void> {
    try {
      const at = new Date();
      const runs = await liveRuns(this.client, this.of.organizationUuid, breakMs(this.lookedAt, at));
      const { known } = this;
      this.lookedAt = at;
      this.known = new Map(runs.map(({ uuid, sequence }) => [uuid, sequence]));
      if (known !== null) this.tell(runs.filter((run) => known.get(run.uuid) !== run.sequence).map(changeOf(at)));
    } catch (error) {
      if (isEdenError(error) && error.retryable) return;
      for (const subscriber of this.subscribers) subscriber.fail(error);
    }
  }

  private tell(changes: readonly OrganizationChange[]): void {
    if (changes.length > 0) for (const subscriber of this.subscribers) subscriber.tell(changes);
  }
}

/** How far back is looked by whoever has looked at `since`. */
function breakMs(since: Date, at: Date): number {
  return Math.min(at.getTime() - since.getTime() + OVERLAP_MS, LONGEST_BREAK_MS);
}

/** The runs of an organization that have not ended, or within so long a time, by the database's clock. */
function liveRuns(client: Client, organizationUuid: Uuid, endedWithinMs: number): Promise<LiveRun[]> {
  return client.$queryRaw<LiveRun[]>(Prisma.sql`
    SELECT uuid, migration_uuid AS "migrationUuid", migration_id AS "migrationId", kind, state, event_count AS sequence
      FROM runs
     WHERE organization_uuid = ${organizationUuid}::uuid
       AND (finished_at IS NULL OR finished_at >= now() - make_interval(secs => ${endedWithinMs / 1000}))`);
}

/** Runs and migrations, perhaps some that had changed shortly before. */
async function changedSince(client: Client, organizationUuid: Uuid, since: Date): Promise<OrganizationChange[]> {
  const at = new Date();
  const withinMs = breakMs(since, at);
  const [runs, migrations] = await Promise.all([
    liveRuns(client, organizationUuid, withinMs),
    client.migration.findMany({
      where: { organizationUuid, updatedAt: { gte: new Date(at.getTime() - withinMs) } },
      select: { uuid: true, id: true },
    }),
  ]);
  const moved = migrations.map(({ uuid, id }) => ({ at, migrationUuid: asUuid(uuid), migrationId: id, run: null }));
  return [...moved, ...runs.map(changeOf(at))];
}

function changeOf(at: Date) {
  return ({ uuid, migrationUuid, migrationId, kind, state }: LiveRun): OrganizationChange => ({
    at,
    migrationUuid: asUuid(migrationUuid),
    migrationId,
    run: { uuid: asUuid(uuid), kind: kind as RunKind, state: state as RunState },
  });
}
