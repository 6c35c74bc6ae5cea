import type { OwnedRun, PlannedDatabase } from '@eden/domain';
import { isSameDatabase } from '@eden/domain';
import type { WorkApi } from '@eden/work';
import type { EngineDeps } from '../deps.js';
import type { PlannedWork } from './planned-work.js';

/**
 * For how long nobody has been able to execute an API of the plan without its gates; negative: still so long, in
 * milliseconds.
 *
 * A process may know an API as one that is in no migration although it is in one by now: the lock masters had forgotten
 * its lease when the API was added. The sync since then has had the write lock of the API. A lease that was known to the
 * masters at that moment is over; one that they had forgotten is renewed by nobody, and over a lease later (protocol I6).
 * Where every database has the API's gate from an earlier migration, everybody goes through it.
 */
export async function toldForMs(deps: EngineDeps, owned: OwnedRun, planned: PlannedWork): Promise<number> {
  const ungated = planned.work.apis.filter(
    ({ member: { api } }) => !api.managed && planned.plan.databases.some((database) => isWithoutGate(api, database)),
  );
  if (ungated.length === 0) return Infinity;
  const timeline = await deps.journal.timeline();
  // What was executed on another timeline is not noted on this one.
  if (ungated.every(({ member: { api } }) => api.untouchedOn === timeline)) return Infinity;
  return (await deps.journal.sinceSyncMs(owned)) - deps.settings.leaseMs;
}

function isWithoutGate({ uuid, gates }: WorkApi['member']['api'], database: PlannedDatabase): boolean {
  return database.gates.includes(uuid) && !gates.some((gate) => isSameDatabase(gate, database.identity));
}
