import pMap from 'p-map';
import { fateOfPrepared } from '@eden/domain';
import type { Endpoint, EndpointOf, PreparedSeen, PreparedTransaction, RunStanding, Settlement } from '@eden/domain';
import type { EngineDeps } from '../deps.js';
import { withSettlement } from '../participants/settlement.js';
import { contradict } from './contradiction.js';
import { isCommittedElsewhere } from './orphan-witness.js';

/** Endpoints that a worker takes at once, so that others take the next ones meanwhile; and how often, in one round. */
const TAKEN_AT_ONCE = 50;
const MOST_TAKEN = 40;

/**
 * Settles prepared transactions of this installation that no worker will settle, each by its token (protocol I16), where
 * no worker has looked for `everyMs`. The targets are read before the runs, so that a transaction prepared in between is
 * never taken for an orphan.
 * @returns How many could not be settled, and keep their locks until somebody does it by hand.
 */
export async function sweepDue(deps: EngineDeps, everyMs: number): Promise<number> {
  const seen: PreparedTransaction[] = [];
  let left = 0;
  for (let times = 0; times < MOST_TAKEN; times += 1) {
    const due = await deps.journal.takeDueSweeps(everyMs, TAKEN_AT_ONCE);
    left += await sweepAll(deps, due, seen);
    if (due.length < TAKEN_AT_ONCE) break;
  }
  deps.telemetry.preparedObserved(oldestOf(deps, seen));
  return left;
}

/** The same at once and everywhere. */
export async function sweepOrphans(deps: EngineDeps): Promise<number> {
  const seen: PreparedTransaction[] = [];
  const left = await sweepAll(deps, await deps.journal.participantEndpoints(), seen);
  deps.telemetry.preparedObserved(oldestOf(deps, seen));
  return left;
}

async function sweepAll(
  deps: EngineDeps,
  endpoints: readonly EndpointOf[],
  seen: PreparedTransaction[],
): Promise<number> {
  const left = await pMap(
    endpoints,
    async ({ organizationUuid, endpointUuid }) => {
      try {
        const found = await deps.journal.reader(organizationUuid).endpointsByUuid([endpointUuid]);
        const endpoint = found.get(endpointUuid);
        return endpoint === undefined ? 0 : await sweepEndpoint(deps, endpoint, seen);
      } catch (error) {
        // Whatever is wrong with one target (it is away, its credentials cannot be read), the others are swept.
        deps.telemetry.log.warn('target not swept', { endpoint: endpointUuid, error });
        return 0;
      }
    },
    { concurrency: deps.settings.maxParallel },
  );
  return left.reduce((sum, count) => sum + count, 0);
}

function oldestOf({ clock }: EngineDeps, seen: readonly PreparedTransaction[]): PreparedSeen {
  const now = clock.now().getTime();
  const ages = seen.map(({ preparedAt }) => now - preparedAt.getTime());
  return { count: seen.length, ageMs: Math.max(0, ...ages), xidAge: Math.max(0, ...seen.map(({ xidAge }) => xidAge)) };
}

function sweepEndpoint(deps: EngineDeps, endpoint: Endpoint, seen: PreparedTransaction[]): Promise<number> {
  return withSettlement(deps, endpoint, async (settlement) => {
    await reportEarlier(deps, settlement, endpoint);
    const prepared = await settlement.listPrepared(await deps.journal.installation());
    seen.push(...prepared);
    const runs = await deps.journal.standings([...new Set(prepared.map(({ runUuid }) => runUuid))]);
    let left = 0;
    for (const found of prepared) {
      const isSettled = await settle(deps, settlement, { endpoint, found, run: runs.get(found.runUuid) });
      if (!isSettled) left += 1;
    }
    return left;
  });
}

interface Orphan {
  readonly endpoint: Endpoint;
  readonly found: PreparedTransaction;
  readonly run: RunStanding | undefined;
}

const DAY_MS = 86_400_000;

/** Another role than the endpoint's may have prepared it; then only that role, or a superuser, can end it. */
async function settle(deps: EngineDeps, settlement: Settlement, orphan: Orphan): Promise<boolean> {
  const { found, run } = orphan;
  const isOld = deps.clock.now().getTime() - found.preparedAt.getTime() > deps.settings.keptDays * DAY_MS;
  const fate = fateOfPrepared(run, found.token, isOld);
  try {
    if (fate === 'roll back') await rollBack(deps, settlement, orphan);
    if (fate === 'commit') await commit(deps, settlement, orphan);
    if (fate === 'report') await report(deps, orphan, 'Prepared, and nobody can say what it should become');
    return fate !== 'report';
  } catch (error) {
    const fields = { prepared_id: found.preparedId, role: found.role, error };
    deps.telemetry.log.error('orphaned prepared transaction not settled: it keeps its locks', fields);
    return false;
  }
}

/** The witness is asked first: where the attempt has committed, the rest of it is committed as well. */
async function rollBack(deps: EngineDeps, settlement: Settlement, orphan: Orphan): Promise<void> {
  const { found, run, endpoint } = orphan;
  const fields = { prepared_id: found.preparedId, role: found.role };
  if (await isCommittedElsewhere(deps, { found, run, endpoint })) return commit(deps, settlement, orphan);
  deps.telemetry.log.warn('rolling back an orphaned prepared transaction', fields);
  await settlement.rollbackPrepared(found.preparedId);
}

/**
 * The target has lost its COMMIT PREPARED, or the control database its decision. Missing by now: the run was being
 * committed while its target was read, and nothing was wrong.
 */
async function commit(deps: EngineDeps, settlement: Settlement, orphan: Orphan): Promise<void> {
  if ((await settlement.commitPrepared(orphan.found.preparedId)) === 'missing') return;
  await report(deps, orphan, 'Was still prepared although its attempt has committed: committed now');
}

function report(deps: EngineDeps, { found, run, endpoint }: Orphan, details: string): Promise<void> {
  const row = run?.participants.find(({ number }) => number === found.number);
  const database = row?.database.name ?? endpoint.id;
  return contradict(deps, found.runUuid, run, { database, endpointId: endpoint.id, trace: 'prepared', details });
}

/** What the original of a restored control database has left here may be somebody's who is still at work: nobody touches it. */
async function reportEarlier(deps: EngineDeps, settlement: Settlement, endpoint: Endpoint): Promise<void> {
  for (const installation of await deps.journal.earlierInstallations()) {
    for (const { preparedId, preparedAt } of await settlement.listPrepared(installation)) {
      deps.telemetry.log.warn('prepared transaction of an earlier installation', {
        prepared_id: preparedId,
        prepared_at: preparedAt.toISOString(),
        endpoint: endpoint.id,
      });
    }
  }
}
