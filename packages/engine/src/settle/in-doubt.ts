import { parsePreparedId } from '@eden/domain';
import type { DoubtfulDatabase, OwnedRun, Plan } from '@eden/domain';
import type { EngineDeps } from '../deps.js';
import type { Doubt } from '../participants/doubt.js';
import type { Participant } from '../participants/participant.js';

/**
 * Leaves the run to a person, with everything that is known about each database in doubt.
 * @param isDecided Whether T2 has been: then the APIs have their new definitions, and other databases have committed.
 */
export async function markInDoubt(
  deps: EngineDeps,
  owned: OwnedRun,
  doubts: readonly Doubt[],
  isDecided: boolean,
): Promise<void> {
  const { run } = owned;
  const plan = await deps.journal.reader(run.organizationUuid).plan(run.migrationUuid);
  const evidence = { decided: isDecided, databases: doubts.map((doubt) => evidenceOf(doubt, plan)) };
  await deps.journal.markInDoubt(owned, evidence);
  deps.telemetry.runInDoubt({ run: run.uuid, migration: run.migrationId, ...evidence });
}

function evidenceOf({ participant: { row, endpoint }, ledger, details }: Doubt, plan: Plan | null): DoubtfulDatabase {
  const apis = plan?.apis.filter(({ bindings }) => bindings.some((binding) => binding.endpoint === endpoint.uuid));
  return {
    database: row.database.name,
    endpoint_id: endpoint.id,
    prepared_id: row.preparedId,
    apis: apis?.map(({ apiId }) => apiId) ?? [],
    ledger,
    details,
  };
}

/**
 * What another installation has begun: this control database is a copy, restored from a backup of one that may still be
 * at work on the very run.
 */
export async function isBegunElsewhere(deps: EngineDeps, participants: readonly Participant[]): Promise<boolean> {
  const here = await deps.journal.installation();
  return participants.some(({ row }) => {
    const begun = parsePreparedId(row.preparedId);
    return begun !== null && begun.installation !== here;
  });
}
