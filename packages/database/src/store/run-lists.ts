import {
  RUN_STEPS,
  asUuid,
  isFinished,
  type OrganizationReader,
  type Run,
  type RunFilter,
  type RunProgress,
  type Uuid,
} from '@eden/domain';
import { Prisma } from '../generated/client.js';
import type { Scope } from '../scope.js';
import { readPage } from './paging.js';
import { literally } from './references.js';
import { toRun } from './runs.js';

/** The runs of an organization, whatever they are of. */
/** As runs say it, and their bindings. */
const DONE = RUN_STEPS.complete.to;

export function runListReads(scope: Scope): Pick<OrganizationReader, 'allRuns' | 'openRuns' | 'runProgress'> {
  const { db } = scope;
  return {
    // `hidden` are migrations: the page itself knows runs alone.
    allRuns: ({ hidden = [], ...page }, filter = {}) =>
      readPage(
        page,
        ({ where, ...keyset }) =>
          db.run.findMany({ where: { AND: [...where.AND, ...readable(hidden), ...conditionsOf(filter)] }, ...keyset }),
        toRun,
      ),
    openRuns: async ({ hidden = [] }) => {
      const where = { AND: [{ slot: { not: null } }, ...readable(hidden)] };
      return (await db.run.findMany({ where, orderBy: { createdAt: 'asc' } })).map(toRun);
    },
    runProgress: (runs) => runProgress(scope, runs),
  };
}

function readable(hidden: readonly Uuid[]): Prisma.RunWhereInput[] {
  return hidden.length === 0 ? [] : [{ migrationUuid: { notIn: [...hidden] } }];
}

function conditionsOf({ states, kind, text, actor, since }: RunFilter): Prisma.RunWhereInput[] {
  return [
    ...(states === undefined ? [] : [{ state: { in: [...states] } }]),
    ...(kind === undefined ? [] : [{ kind }]),
    ...(text === undefined ? [] : [{ migrationId: { contains: literally(text), mode: 'insensitive' } as const }]),
    ...(actor === undefined ? [] : [{ actor }]),
    ...(since === undefined ? [] : [{ createdAt: { gte: since } }]),
  ];
}

interface CountRow {
  readonly run: string;
  readonly bindings: number;
  readonly done: number;
}

/**
 * The records of bindings are looked into only where a run is under way: of one that has succeeded all are through, and of one
 * that has ended otherwise none is.
 */
async function runProgress(
  { db, organizationUuid }: Scope,
  runs: readonly Run[],
): Promise<ReadonlyMap<Uuid, RunProgress>> {
  const open = new Set(runs.filter(({ state }) => !isFinished(state)).map(({ uuid }) => uuid));
  const succeeded = new Set(runs.filter(({ state }) => state === DONE).map(({ uuid }) => uuid));
  const rows = await db.$queryRaw<CountRow[]>(Prisma.sql`
    SELECT run_uuid AS run, count(*)::int AS bindings,
           count(*) FILTER (WHERE run_uuid = ANY (${[...open]}::uuid[]) AND record->>'state' = ${DONE})::int AS done
      FROM run_bindings
     WHERE organization_uuid = ${organizationUuid}::uuid AND run_uuid = ANY (${runs.map(({ uuid }) => uuid)}::uuid[])
     GROUP BY run_uuid`);
  return new Map(
    rows.map(({ run, bindings, done }) => {
      const uuid = asUuid(run);
      return [uuid, { bindings, done: succeeded.has(uuid) ? bindings : done }];
    }),
  );
}
