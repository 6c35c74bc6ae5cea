import { hasOwnId, isEdenError, isSameDatabase } from '@eden/domain';
import type { DatabaseIdentity, Endpoint, ProofSighting, Uuid } from '@eden/domain';
import type { MigrationWork, TargetReports } from '@eden/work';
import { allEndpoints, reportOf } from '@eden/work';
import type { EngineDeps } from '../deps.js';

/** A database that is known by the identity of another one, of which it is a copy. */
export interface DatabaseCopy {
  readonly identity: DatabaseIdentity;
  /** Those of the migration that lead to it; the first one may write there. */
  readonly endpoints: OneOrMore;
  /** Those that were seen to lead to the other one. */
  readonly keeping: readonly Endpoint[];
}

type OneOrMore = readonly [Endpoint, ...Endpoint[]];

interface Partition {
  readonly copies: readonly DatabaseCopy[];
  /** Endpoint uuid → identity, where others that lead to the same database know more than the endpoint. */
  readonly identities: ReadonlyMap<string, DatabaseIdentity>;
}

/** Proves of all endpoints of a migration that seem to lead to one database that they do. */
export async function copiesAmong(deps: EngineDeps, work: MigrationWork, reports: TargetReports): Promise<Partition> {
  const copies: DatabaseCopy[] = [];
  const identities = new Map<string, DatabaseIdentity>();
  for (const suspects of clusters(byRegistration(allEndpoints(work)), reports)) {
    const databases = ownIdsFirst(await databasesOf(deps, suspects), reports);
    for (const [index, endpoints] of databases.entries()) {
      const identity = identityOf(endpoints, reports);
      for (const { uuid } of endpoints) identities.set(uuid, identity);
      const earlier = databases.slice(0, index).filter((other) => isSameDatabase(identityOf(other, reports), identity));
      if (earlier.length > 0) copies.push({ identity, endpoints, keeping: earlier.flat() });
    }
  }
  return { copies, identities };
}

/** Of databases at one place, an id is given to what has none, and not another one to what has. */
function ownIdsFirst(databases: readonly OneOrMore[], reports: TargetReports): readonly OneOrMore[] {
  const hasOne = (endpoints: OneOrMore): boolean => hasOwnId(identityOf(endpoints, reports));
  return [...databases.filter(hasOne), ...databases.filter((endpoints) => !hasOne(endpoints))];
}

/** A standby that is behind may not have the id yet that its primary has. */
function identityOf([first, ...others]: OneOrMore, reports: TargetReports): DatabaseIdentity {
  const all = [first, ...others].map(({ uuid }) => reportOf(uuid, reports).identity);
  return all.find(hasOwnId) ?? reportOf(first.uuid, reports).identity;
}

/** Whoever was there first keeps what there is. */
function byRegistration(endpoints: readonly Endpoint[]): readonly Endpoint[] {
  return [...endpoints].sort((a, b) => (isEarlier(a, b) ? -1 : 1));
}

function isEarlier(a: Endpoint, b: Endpoint): boolean {
  const [earlier, later] = [a.createdAt.getTime(), b.createdAt.getTime()];
  return earlier === later ? a.uuid < b.uuid : earlier < later;
}

/** Endpoints that seem to lead to one database; each keeps the order. */
function clusters(endpoints: readonly Endpoint[], reports: TargetReports): readonly OneOrMore[] {
  let found: readonly OneOrMore[] = [];
  for (const endpoint of endpoints) {
    const { identity } = reportOf(endpoint.uuid, reports);
    const seemsSame = (other: Endpoint) => isSameDatabase(reportOf(other.uuid, reports).identity, identity);
    const met = found.filter((cluster) => cluster.some(seemsSame));
    const [first = endpoint, ...others] = byRegistration([...met.flat(), endpoint]);
    found = [...found.filter((cluster) => !met.includes(cluster)), [first, ...others]];
  }
  return found;
}

/** The databases to which these endpoints lead, that of the first one first. */
async function databasesOf(deps: EngineDeps, endpoints: OneOrMore): Promise<readonly OneOrMore[]> {
  const [first, second, ...others] = endpoints;
  if (second === undefined) return [endpoints];
  const sightings = await sightProof(deps, first, [second, ...others]);
  const isElsewhere = ({ uuid }: Endpoint) => sightings.get(uuid) === 'not held';
  // Nobody sees a standby's locks: it belongs to whoever was there first.
  if (sightings.get(first.uuid) === 'on a standby') {
    const [[primary, ...same], ...rest] = (await databasesOf(deps, [second, ...others])) as [OneOrMore, ...OneOrMore[]];
    return [[primary, ...same, first], ...rest];
  }
  const [next, ...further] = [second, ...others].filter(isElsewhere);
  const here: OneOrMore = [first, ...[second, ...others].filter((endpoint) => !isElsewhere(endpoint))];
  return next === undefined ? [here] : [here, ...(await databasesOf(deps, [next, ...further]))];
}

/** Where a lock that is held through `first` is seen; `first` itself is asked as well. */
function sightProof(
  { targets }: EngineDeps,
  first: Endpoint,
  others: readonly Endpoint[],
): Promise<ReadonlyMap<Uuid, ProofSighting>> {
  return targets.adapter(first.kind).withProof(first, async (proof) => {
    const sightings = new Map<Uuid, ProofSighting>();
    for (const endpoint of [first, ...others]) {
      sightings.set(endpoint.uuid, await targets.adapter(endpoint.kind).findProof(endpoint, proof));
    }
    return sightings;
  });
}

/** Endpoints of other migrations that are asked about one database: the first one that answers is enough. */
const MOST_ASKED = 3;

/**
 * Databases of the migration that share an id with one to which an endpoint of another migration leads, and which was
 * registered before. Where theirs is the earlier one, the other gets an id at its own next sync.
 */
export async function copyOfOthers(
  deps: EngineDeps,
  work: MigrationWork,
  reports: TargetReports,
): Promise<readonly DatabaseCopy[]> {
  const copies: DatabaseCopy[] = [];
  const own = byRegistration(allEndpoints(work));
  for (const endpoints of clusters(own, reports)) {
    const identity = identityOf(endpoints, reports);
    if (!hasOwnId(identity)) continue;
    const original = await originalElsewhere(deps, { identity, endpoints, own });
    if (original !== null) copies.push({ identity, endpoints, keeping: [original] });
  }
  return copies;
}

interface Known {
  readonly identity: DatabaseIdentity;
  readonly endpoints: OneOrMore;
  readonly own: readonly Endpoint[];
}

async function originalElsewhere(deps: EngineDeps, { identity, endpoints, own }: Known): Promise<Endpoint | null> {
  const [first] = endpoints;
  const ways = await deps.journal.endpointsAt(identity.key);
  const foreign = ways.filter(({ endpointUuid }) => !own.some(({ uuid }) => uuid === endpointUuid));
  for (const { organizationUuid, endpointUuid } of foreign.slice(0, MOST_ASKED)) {
    const other = (await deps.journal.reader(organizationUuid).endpointsByUuid([endpointUuid])).get(endpointUuid);
    if (other === undefined) continue;
    const sighting = await sightOther(deps, first, other, identity);
    if (sighting === 'one database') return null;
    if (sighting === 'two databases' && isEarlier(other, first)) return other;
  }
  return null;
}

type OtherSighting = 'one database' | 'two databases' | 'unknown';

/** An endpoint of others that does not answer, or leads elsewhere by now, shows nothing, and stops nobody. */
async function sightOther(
  deps: EngineDeps,
  first: Endpoint,
  other: Endpoint,
  { key }: DatabaseIdentity,
): Promise<OtherSighting> {
  const sightings = await sightProof(deps, first, [other]).catch((error: unknown) => {
    if (isEdenError(error)) return null;
    throw error;
  });
  if (sightings === null || sightings.get(first.uuid) !== 'held') return 'unknown';
  if (sightings.get(other.uuid) !== 'not held') return 'one database';
  const there = await deps.targets
    .adapter(other.kind)
    .inspect(other)
    .catch(() => null);
  return there?.identity.key === key ? 'two databases' : 'unknown';
}
