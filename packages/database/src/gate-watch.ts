import {
  asUuid,
  isEdenError,
  isUuid,
  type GateQuestion,
  type MigrationState,
  type GateStanding,
  type Uuid,
} from '@eden/domain';
import type { Client } from './client.js';
import { Prisma } from './generated/client.js';
import type { Notifications } from './listen.js';
import { toRun } from './store/runs.js';

/** Behind the notifications, for those that were missed. */
const POLL_INTERVAL_MS = 5_000;

/** Migrations that one query reads. */
const READ_AT_ONCE = 1_000;

/** A migration, by the name that somebody has for it. */
interface Place {
  readonly organizationUuid: Uuid;
  readonly ref: string;
  readonly visitors: Set<Visitor>;
}

interface Visitor {
  tell(standing: GateStanding | null): void;
  /** The control database is away. */
  fail(error: unknown): void;
}

/**
 * All who wait at a gate of this process. A notification tells which migration has moved; one query then reads it, and
 * whatever else is due, for everybody who waits there. Those who come while a query is under way share the next one.
 */
export class GateWatch {
  private readonly places = new Map<string, Place>();
  private readonly due = new Set<string>();
  private reading = false;
  private stopListening: (() => void) | undefined;
  private poll: NodeJS.Timeout | undefined;

  constructor(
    private readonly client: Client,
    private readonly notifications: Notifications,
  ) {}

  /** @throws EdenError SERVICE_UNAVAILABLE when the first look fails */
  wait({ organizationUuid, ref, isOver, timeoutMs, signal }: GateQuestion): Promise<GateStanding | null> {
    return new Promise((resolve, reject) => {
      let seen: { readonly standing: GateStanding | null } | undefined;
      let isTimeOver = timeoutMs <= 0 || signal.aborted;
      const end = (settle: () => void): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', giveUp);
        leave();
        settle();
      };
      const visitor: Visitor = {
        tell: (standing) => {
          seen = { standing };
          if (isTimeOver || isOver(standing)) end(() => resolve(standing));
        },
        // Once it has been seen, a database that is away is waited for like the migration itself.
        fail: (error) => {
          if (seen === undefined || !(isEdenError(error) && error.retryable)) end(() => reject(error as Error));
        },
      };
      const giveUp = (): void => {
        isTimeOver = true;
        const last = seen;
        if (last !== undefined) end(() => resolve(last.standing));
      };
      const timer = setTimeout(giveUp, timeoutMs);
      signal.addEventListener('abort', giveUp);
      const leave = this.enter(organizationUuid, ref, visitor);
    });
  }

  /** @returns the way out */
  private enter(organizationUuid: Uuid, ref: string, visitor: Visitor): () => void {
    this.listen();
    const key = keyOf(organizationUuid, ref);
    const place = this.places.get(key) ?? { organizationUuid, ref, visitors: new Set() };
    this.places.set(key, place);
    place.visitors.add(visitor);
    this.look([key]);
    return () => {
      if (!place.visitors.delete(visitor)) return;
      if (place.visitors.size === 0) this.places.delete(key);
      if (this.places.size === 0) this.rest();
    };
  }

  private listen(): void {
    this.stopListening ??= this.notifications.on('eden_gate', (payload) => this.look(this.movedBy(payload)));
    this.poll ??= setInterval(() => this.look([...this.places.keys()]), POLL_INTERVAL_MS).unref();
  }

  /** Nobody waits. */
  private rest(): void {
    this.stopListening?.();
    this.stopListening = undefined;
    clearInterval(this.poll);
    this.poll = undefined;
  }

  private movedBy(payload: string | null): string[] {
    if (payload === null) return [...this.places.keys()];
    const [organization = '', uuid = '', id = ''] = payload.split(' ');
    return [keyOf(organization, uuid), keyOf(organization, id)].filter((key) => this.places.has(key));
  }

  private look(keys: readonly string[]): void {
    for (const key of keys) this.due.add(key);
    if (this.reading) return;
    void this.readDue();
  }

  /** Ends in the same turn in which it finds nothing due: whoever comes from then on begins it anew. */
  private async readDue(): Promise<void> {
    this.reading = true;
    try {
      while (this.due.size > 0) {
        const keys = [...this.due].slice(0, READ_AT_ONCE);
        for (const key of keys) this.due.delete(key);
        const places = keys.flatMap((key) => this.places.get(key) ?? []);
        await this.tell(places);
      }
    } finally {
      this.reading = false;
    }
  }

  private async tell(places: readonly Place[]): Promise<void> {
    if (places.length === 0) return;
    // Those who come from now on are told by the next query: this one may not see what they have seen.
    const asked = places.map((place) => ({ place, visitors: [...place.visitors] }));
    try {
      const standings = await readStandings(this.client, places);
      asked.forEach(({ visitors }, index) => visitors.forEach((visitor) => visitor.tell(standings[index] ?? null)));
    } catch (error) {
      for (const { visitors } of asked) for (const visitor of visitors) visitor.fail(error);
    }
  }
}

function keyOf(organizationUuid: string, ref: string): string {
  return `${organizationUuid} ${isUuid(ref) ? ref.toLowerCase() : ref}`;
}

interface StandingRow {
  /** Of the place, from 1. */
  readonly number: bigint;
  readonly uuid: string;
  readonly state: MigrationState;
  readonly is_planned: boolean;
  readonly awaits_approval: boolean;
  readonly run_uuid: string | null;
}

/** In the order of the places; null where there is no such migration. Each of these queries names the organization itself. */
async function readStandings(client: Client, places: readonly Place[]): Promise<readonly (GateStanding | null)[]> {
  const rows = await client.$queryRaw<StandingRow[]>(Prisma.sql`
    SELECT asked.number, migration.uuid, migration.state, migration.is_planned, migration.awaits_approval, run.uuid AS run_uuid
      FROM unnest(${places.map(({ organizationUuid }) => organizationUuid)}::uuid[], ${places.map(({ ref }) => ref)}::text[],
                  ${places.map(({ ref }) => (isUuid(ref) ? ref : null))}::uuid[])
           WITH ORDINALITY AS asked (organization_uuid, id, uuid, number)
     CROSS JOIN LATERAL (
           SELECT m.uuid, m.state, m.plan_hash IS NOT NULL AS is_planned,
                  m.plan_hash IS NOT NULL AND coalesce((m.options ->> 'approval')::boolean, false)
                    AND m.approved_hash IS DISTINCT FROM m.plan_hash AS awaits_approval
             FROM migrations m
            WHERE m.organization_uuid = asked.organization_uuid AND m.deleted_at IS NULL
              AND (m.id = asked.id OR m.uuid = asked.uuid)
            ORDER BY m.uuid = asked.uuid DESC NULLS LAST LIMIT 1) AS migration
      LEFT JOIN LATERAL (
           SELECT r.uuid FROM runs r WHERE r.migration_uuid = migration.uuid
            ORDER BY r.slot = 'active' DESC NULLS LAST, r.created_at DESC, r.uuid DESC LIMIT 1) AS run ON true`);
  const uuids = rows.flatMap(({ run_uuid: uuid }) => (uuid === null ? [] : [uuid]));
  const found = await client.run.findMany({ where: { uuid: { in: uuids } } });
  const runs = new Map(found.map((row) => [row.uuid, toRun(row)]));
  const standings: (GateStanding | null)[] = places.map(() => null);
  for (const { number, uuid, state, is_planned: isPlanned, awaits_approval: awaitsApproval, run_uuid: run } of rows) {
    const standing = {
      migrationUuid: asUuid(uuid),
      state,
      isPlanned,
      awaitsApproval,
      run: run === null ? null : (runs.get(run) ?? null),
    };
    standings[Number(number) - 1] = standing;
  }
  return standings;
}
