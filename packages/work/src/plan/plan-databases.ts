import { compareDatabases, EdenError } from '@eden/domain';
import type { Endpoint, LintFinding, PlannedDatabase, Uuid } from '@eden/domain';
import type { MigrationWork } from '../load-work.js';
import { bindingEndpoints, distinctEndpoints } from '../load-work.js';
import type { KnownTargets } from './plan-apis.js';
import type { TargetReports } from './target-reports.js';
import { databaseKeys, reportOf } from './target-reports.js';

/**
 * One entry for each database that the migration changes, in the order in which all runs take their locks, with what its
 * survey has found. A target without transactions has no part in the commit.
 * @throws EdenError ATOMICITY_REFUSED where a database is reached as several roles
 */
export function planDatabases(
  work: Pick<MigrationWork, 'apis'>,
  { reports, surveys }: KnownTargets,
): readonly PlannedDatabase[] {
  const changed = distinctEndpoints(work.apis.flatMap(bindingEndpoints)).filter(
    ({ uuid }) => reportOf(uuid, reports).capabilities.transactions,
  );
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
    .map((database) => withFindings(database, surveys.get(database.endpoint)?.findings ?? []))
    .sort((a, b) => compareDatabases(a.identity, b.identity));
}

function planDatabase(endpoints: readonly Endpoint[], reports: TargetReports, gates: readonly Uuid[]): PlannedDatabase {
  const [first, ...others] = [...endpoints].sort((a, b) => a.uuid.localeCompare(b.uuid));
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
  const ways = { endpoint: first.uuid, ...(others.length === 0 ? {} : { others: others.map(({ uuid }) => uuid) }) };
  return { identity, ...ways, role, serverVersion, schemaFingerprint, gates, class: 'two-phase' };
}

/** The database with these behind what was found before. */
export function withFindings(database: PlannedDatabase, found: readonly LintFinding[]): PlannedDatabase {
  return found.length === 0 ? database : { ...database, findings: [...(database.findings ?? []), ...found] };
}
