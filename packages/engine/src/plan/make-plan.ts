import pMap from 'p-map';
import type { Endpoint, OutsideStep, Plan, PlannedDatabase, Uuid } from '@eden/domain';
import type { MigrationWork, Planner, TargetReports } from '@eden/work';
import {
  bindingEndpoints,
  planDatabases,
  planHash,
  planWork,
  surveyTargets,
  withClasses,
  withFindings,
} from '@eden/work';
import { timeOf } from '../control/time-of.js';
import type { EngineDeps } from '../deps.js';

interface PlanMaking {
  /** Once it is aborted, no further API is looked at. */
  readonly signal: AbortSignal;
  /** Steps of the run itself that have begun. */
  readonly stepped?: readonly OutsideStep[];
}

/**
 * What sync finds out: every API's statements rendered and classified, the databases behind them, the `_eden` schema
 * in place. Changes no data.
 * @throws EdenError the first finding that stands in the way; `errors` lists all of them
 */
export async function makePlan(
  deps: EngineDeps,
  work: MigrationWork,
  reports: TargetReports,
  { signal, stepped = [] }: PlanMaking,
): Promise<Plan> {
  const targets = { reports, surveys: await surveyTargets(deps, work) };
  const changed = await installIn(deps, work, planDatabases(work, targets));
  const arranged = await planWork(plannerOf(deps, work, { signal, stepped }), work, targets);
  const { apis } = arranged;
  const hash = planHash(work, { databases: changed, apis });
  const { organizationUuid, uuid, revision } = work.migration;
  const found = await deps.journal.reader(organizationUuid).unprepared(uuid, hash);
  const databases = withClasses(changed, apis, reports, found);
  return { hash, revision, ...arranged, databases, createdAt: timeOf(deps) };
}

/** Longest statement of a look at a history, which only reads. */
const STATEMENT_TIMEOUT_MS = 30_000;

function plannerOf(deps: EngineDeps, { migration }: MigrationWork, { signal, stepped }: Required<PlanMaking>): Planner {
  const { journal, targets, templates, sources, settings } = deps;
  const { organizationUuid, uuid } = migration;
  const reader = journal.reader(organizationUuid);
  return {
    ...{ targets, templates, sources, settings, signal },
    users: reader,
    limits: { lockTimeoutMs: settings.lockTimeoutMs, statementTimeoutMs: STATEMENT_TIMEOUT_MS },
    folders: {
      files: (source) => reader.sourceFiles(source.uuid),
      seen: (source, statuses) => journal.recordSource(organizationUuid, source.uuid, statuses),
      committed: async () => ({ plan: await reader.plan(uuid), stepped }),
    },
  };
}

/** The databases, each with what was found of it. */
async function installIn(
  deps: EngineDeps,
  work: MigrationWork,
  databases: readonly PlannedDatabase[],
): Promise<readonly PlannedDatabase[]> {
  const endpoints = endpointsByUuid(work);
  return pMap(
    databases,
    async (database) => {
      const endpoint = endpoints.get(database.endpoint);
      if (endpoint === undefined) throw new TypeError('planned an endpoint that is not there');
      const found = await deps.targets.adapter(endpoint.kind).install(endpoint, work.migration.uuid);
      return withFindings(database, found);
    },
    { concurrency: deps.settings.maxParallel },
  );
}

export function endpointsByUuid(work: MigrationWork): ReadonlyMap<Uuid, Endpoint> {
  return new Map(work.apis.flatMap(bindingEndpoints).map((endpoint) => [endpoint.uuid, endpoint]));
}

/** As they were when the work was loaded. */
export function endpointVersionsOf(work: MigrationWork): ReadonlyMap<Uuid, number> {
  return new Map([...endpointsByUuid(work).values()].map(({ uuid, version }) => [uuid, version]));
}
