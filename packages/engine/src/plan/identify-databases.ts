import pMap from 'p-map';
import { compareDatabases, EdenError, hasOwnId } from '@eden/domain';
import type { DatabaseIdentity, Endpoint, EndpointNote } from '@eden/domain';
import { allEndpoints, bindingEndpoints, distinctEndpoints, inspectTargets, loadWork, reportOf } from '@eden/work';
import type { MigrationWork, TargetReports } from '@eden/work';
import type { EngineDeps } from '../deps.js';
import type { Ownership } from '../control/ownership.js';
import { withEndpointLock } from '../control/write-lock.js';
import { copiesAmong, copyOfOthers } from './copies.js';
import type { DatabaseCopy } from './copies.js';

/** A sync that looks at its migration's databases. */
export interface Sync {
  readonly deps: EngineDeps;
  readonly ownership: Ownership;
  /** Aborted when the run has to be let go. */
  readonly signal: AbortSignal;
}

export interface IdentifiedTargets {
  readonly work: MigrationWork;
  readonly reports: TargetReports;
}

/** Each of them tells at least one database from another; others may be at it as well. */
const MOST_ROUNDS = 5;

/**
 * Makes every database of the migration known by an id of its own (protocol I31): those that it changes get `_eden`, a
 * copy that shares the id of its original gets another one, and what is found is noted with the endpoints. Endpoints of
 * which others may know something else get a new version, which ends what was read before.
 * @throws EdenError ENDPOINT_UNAVAILABLE, TARGET_RIGHTS_MISSING, RUN_IN_PROGRESS while a run of a copy is unfinished,
 *         LOCK_TIMEOUT, ATOMICITY_REFUSED when a copy keeps the id of its original
 */
export async function identifyDatabases(sync: Sync, work: MigrationWork): Promise<IdentifiedTargets> {
  const { deps } = sync;
  let reports = await withInstallations(deps, work, await inspectTargets(deps, work));
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const { copies, identities } = await copiesAmong(deps, work, reports);
    const found = copies.length > 0 ? copies : await copyOfOthers(deps, work, reports);
    if (found.length === 0) return noteAll(sync, work, identifiedBy(reports, identities));
    for (const copy of found) await giveOwnId(sync, work, copy);
    reports = await inspectTargets(deps, work);
  }
  throw new EdenError('ATOMICITY_REFUSED', { reasons: ['A copy of a database keeps the id of its original'] });
}

/** What a migration changes has `_eden`, and in it an id. */
async function withInstallations(
  deps: EngineDeps,
  work: MigrationWork,
  reports: TargetReports,
): Promise<TargetReports> {
  const changed = distinctEndpoints(work.apis.flatMap(bindingEndpoints));
  const unknown = changed.filter(({ uuid }) => !hasOwnId(reportOf(uuid, reports).identity));
  const concurrency = deps.settings.maxParallel;
  await pMap(unknown, (endpoint) => install(deps, work, endpoint), { concurrency });
  return unknown.length === 0 ? reports : inspectTargets(deps, work);
}

/** What there is to say about it, the plan says, which asks again. */
async function install({ targets }: EngineDeps, { migration }: MigrationWork, endpoint: Endpoint): Promise<void> {
  await targets.adapter(endpoint.kind).install(endpoint, migration.uuid);
}

/** Nobody else may be doing so with the same database: it is done once, and whoever comes second finds it done. */
async function giveOwnId(sync: Sync, work: MigrationWork, copy: DatabaseCopy): Promise<void> {
  const { deps, ownership } = sync;
  const [endpoint] = copy.endpoints;
  const { identity: shared } = copy;
  if (!hasOwnId(shared)) return install(deps, work, endpoint);
  const keeping = copy.keeping.map(({ uuid }) => uuid);
  const others = (await deps.journal.endpointsAt(shared.key)).map(({ endpointUuid }) => endpointUuid);
  const own = copy.endpoints.map(({ uuid }) => uuid);
  const endpoints = [...new Set([...own, ...others])].filter((uuid) => !keeping.includes(uuid));
  const renew = (): Promise<boolean> => deps.targets.adapter(endpoint.kind).renewIdentity(endpoint, shared);
  const isRenewed = await withEndpointLock(sync, work.migration, endpoints, () =>
    deps.journal.renewDatabase(ownership.current, { shared, endpoints, keeping }, renew),
  );
  if (!isRenewed) return;
  const event = { database: shared.name, endpoint_id: endpoint.id, change: 'renewed' } as const;
  await deps.journal.recordEvent(ownership.current, 'database_identified', event);
}

function identifiedBy(reports: TargetReports, identities: ReadonlyMap<string, DatabaseIdentity>): TargetReports {
  const known = [...reports].map(([uuid, report]) => {
    return [uuid, { ...report, identity: identities.get(uuid) ?? report.identity }] as const;
  });
  return new Map(known);
}

async function noteAll(sync: Sync, work: MigrationWork, reports: TargetReports): Promise<IdentifiedTargets> {
  const { deps, ownership } = sync;
  const endpoints = allEndpoints(work);
  const notes = endpoints.flatMap((endpoint) => noteOf(endpoint, reports) ?? []);
  if (notes.length === 0) return { work, reports };
  const news = notes.filter(({ isNews }) => isNews).map(({ endpointUuid }) => endpointUuid);
  await withEndpointLock(sync, work.migration, news, () => deps.journal.noteDatabases(ownership.current, notes));
  await tellMoves(sync, endpoints, reports);
  const { run } = ownership.current;
  return { work: await loadWork(deps.journal.reader(run.organizationUuid), run.migrationUuid), reports };
}

/** Null where it is known already. */
function noteOf({ uuid, database: known }: Endpoint, reports: TargetReports): EndpointNote | null {
  const { identity: database } = reportOf(uuid, reports);
  if (known !== null && compareDatabases(known, database) === 0) return null;
  return { endpointUuid: uuid, database, isNews: known !== null || hasTwin(database, reports) };
}

/** Where copies share a place, whoever has looked before they had ids took them for one. */
function hasTwin({ key, place }: DatabaseIdentity, reports: TargetReports): boolean {
  return [...reports.values()].some(({ identity }) => identity.place === place && identity.key !== key);
}

async function tellMoves(
  { deps, ownership }: Sync,
  endpoints: readonly Endpoint[],
  reports: TargetReports,
): Promise<void> {
  for (const { id, uuid, database: known } of endpoints) {
    const { identity } = reportOf(uuid, reports);
    if (known?.key !== identity.key || known.place === identity.place) continue;
    const event = { database: identity.name, endpoint_id: id, change: 'moved' } as const;
    await deps.journal.recordEvent(ownership.current, 'database_identified', event);
  }
}
