import pMap from 'p-map';
import { EdenError, compareDatabases } from '@eden/domain';
import type { Endpoint, LintFinding, Plan, PlannedDatabase, Uuid } from '@eden/domain';
import type { MigrationWork } from '@eden/work';
import { bindingEndpoints, distinctEndpoints, planHash } from '@eden/work';
import type { EngineDeps } from '../deps.js';
import { planApis } from './plan-apis.js';
import { refuseSharedHistories } from './shared-histories.js';
import { withClasses } from './plan-atomicity.js';
import type { TargetReports } from './target-reports.js';
import { databaseKeys, reportOf } from './target-reports.js';
import type { TargetSurveys } from './target-surveys.js';
import { surveyTargets } from './target-surveys.js';

/**
 * What sync finds out: every API's statements rendered and classified, the databases behind them, the `_eden` schema
 * in place. Changes no data.
 * @param signal Once it is aborted, no further API is looked at.
 * @throws EdenError the first finding that stands in the way; `errors` lists all of them
 */
export async function makePlan(
  deps: EngineDeps,
  work: MigrationWork,
  reports: TargetReports,
  signal: AbortSignal,
): Promise<Plan> {
  const surveys = await surveyTargets(deps, work);
  const changed = await installIn(deps, work, planDatabases(work, reports), surveys);
  const apis = await planApis(deps, work, { reports, surveys }, signal);
  refuseSharedHistories(work, apis, reports);
  const hash = planHash(work, { databases: changed, apis });
  const { organizationUuid, uuid } = work.migration;
  const found = await deps.journal.reader(organizationUuid).unprepared(uuid, hash);
  const databases = withClasses(changed, apis, reports, found);
  return {
    hash,
    revision: work.migration.revision,
    atomicity: 'atomic',
    apis,
    databases,
    createdAt: deps.clock.now().toISOString(),
  };
}

/** One entry for each database that the migration changes, in the order in which all runs take their locks. */
function planDatabases(work: MigrationWork, reports: TargetReports): readonly PlannedDatabase[] {
  const changed = distinctEndpoints(work.apis.flatMap(bindingEndpoints));
  const keys = databaseKeys(reports);
  const keyOf = ({ uuid }: Endpoint): string | undefined => keys.get(uuid);
  return [...new Set(changed.map(keyOf))]
    .map((key) => {
      const endpoints = changed.filter((endpoint) => keyOf(endpoint) === key);
      const gates = work.apis.filter(({ readerEndpoints }) => readerEndpoints.some((e) => keyOf(e) === key));
      return planDatabase(
        endpoints,
        reports,
        gates.map(({ member }) => member.api.uuid),
      );
    })
    .sort((a, b) => compareDatabases(a.identity, b.identity));
}

function planDatabase(endpoints: readonly Endpoint[], reports: TargetReports, gates: readonly Uuid[]): PlannedDatabase {
  const [first] = [...endpoints].sort((a, b) => a.uuid.localeCompare(b.uuid));
  if (first === undefined) throw new TypeError('a database without endpoint');
  const roles = new Set(endpoints.map(({ uuid }) => reportOf(uuid, reports).role));
  if (roles.size > 1) {
    throw new EdenError('ATOMICITY_REFUSED', {
      reasons: [
        `Endpoints ${endpoints.map(({ id }) => id).join(', ')} reach one database as different roles (${[...roles].join(', ')}): use one role, because a prepared transaction can only be finished by the role that made it`,
      ],
    });
  }
  const { identity, role, serverVersion, schemaFingerprint } = reportOf(first.uuid, reports);
  return { identity, endpoint: first.uuid, role, serverVersion, schemaFingerprint, gates, class: 'two-phase' };
}

/** The databases, each with what was found of it. */
async function installIn(
  deps: EngineDeps,
  work: MigrationWork,
  databases: readonly PlannedDatabase[],
  surveys: TargetSurveys,
): Promise<readonly PlannedDatabase[]> {
  const endpoints = endpointsByUuid(work);
  return pMap(
    databases,
    async (database) => {
      const endpoint = endpoints.get(database.endpoint);
      if (endpoint === undefined) throw new TypeError('planned an endpoint that is not there');
      const installed = await deps.targets.adapter(endpoint.kind).install(endpoint, work.migration.uuid);
      return withFindings(database, [...(surveys.get(endpoint.uuid)?.findings ?? []), ...installed]);
    },
    { concurrency: deps.settings.maxParallel },
  );
}

function withFindings(database: PlannedDatabase, findings: readonly LintFinding[]): PlannedDatabase {
  return findings.length === 0 ? database : { ...database, findings };
}

export function endpointsByUuid(work: MigrationWork): ReadonlyMap<Uuid, Endpoint> {
  return new Map(work.apis.flatMap(bindingEndpoints).map((endpoint) => [endpoint.uuid, endpoint]));
}
