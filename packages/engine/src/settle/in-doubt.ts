import { EdenError, parsePreparedId, toStoredError } from '@eden/domain';
import type { OwnedRun, Plan } from '@eden/domain';
import type { EngineDeps } from '../deps.js';
import type { SettlementTarget } from '../participants/settlement.js';

/** A database of which nobody can tell what became of the run in it, and why not. */
export interface Doubt {
  readonly target: SettlementTarget;
  readonly ledger: 'absent' | 'not read';
  readonly details: string;
}

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
  await deps.journal.markInDoubt(owned, toStoredError(new EdenError('RUN_IN_DOUBT', evidence)));
  deps.telemetry.runInDoubt({ run: run.uuid, migration: run.migrationId, ...evidence });
}

function evidenceOf({ target: { participant, endpoint }, ledger, details }: Doubt, plan: Plan | null) {
  const apis = plan?.apis.filter(({ bindings }) => bindings.some((binding) => binding.endpoint === endpoint.uuid));
  return {
    database: participant.databaseName,
    endpoint_id: endpoint.id,
    prepared_id: participant.preparedId,
    apis: apis?.map(({ apiId }) => apiId) ?? [],
    ledger,
    details,
  };
}

/**
 * What another installation has begun: this control database is a copy, restored from a backup of one that may still be
 * at work on the very run.
 */
export async function isBegunElsewhere(deps: EngineDeps, targets: readonly SettlementTarget[]): Promise<boolean> {
  const here = await deps.journal.installation();
  return targets.some(({ participant: { preparedId } }) => parsePreparedId(preparedId)?.installation !== here);
}
