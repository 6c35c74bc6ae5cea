import pMap from 'p-map';
import { EdenError, isEdenError } from '@eden/domain';
import type { OwnedRun, Plan, Run, RunParticipant } from '@eden/domain';
import { bindingEndpoints, distinctEndpoints, loadRollbackWork } from '@eden/work';
import type { EngineDeps } from '../deps.js';
import type { Participant } from '../participants/participant.js';
import { plannedRows } from '../participants/witness.js';

type Forgotten = Pick<Run, 'uuid' | 'organizationUuid' | 'migrationUuid' | 'kind'>;

/** Of the attempt; where its T1 was forgotten, those that an attempt would have. */
export async function participantsOf(deps: EngineDeps, { run }: OwnedRun): Promise<readonly Participant[]> {
  const reader = deps.journal.reader(run.organizationUuid);
  const known = await deps.journal.participants(run.uuid);
  const isForgotten = known.length === 0 && run.kind !== 'sync';
  const rows = isForgotten ? await forgottenRows(deps, run) : known;
  const endpoints = await reader.endpointsByUuid(rows.map(({ endpointUuid }) => endpointUuid));
  return rows.map((row) => {
    const endpoint = endpoints.get(row.endpointUuid);
    if (endpoint === undefined) throw new EdenError('ENDPOINT_NOT_FOUND', { endpoint_id: row.endpointUuid });
    return { row, endpoint, session: null };
  });
}

/**
 * The participants that an attempt at the run has, of which the control database has forgotten its T1. A rollback has no part in
 * what its migrate has only read, and so perhaps another witness than the migration's plan.
 */
async function forgottenRows(deps: EngineDeps, run: Forgotten): Promise<readonly RunParticipant[]> {
  const plan = await deps.journal.reader(run.organizationUuid).plan(run.migrationUuid);
  if (plan === null || run.kind !== 'rollback') return plannedRows(run, plan);
  const undone = await databasesUndone(deps, run, plan);
  return plannedRows(run, { ...plan, databases: plan.databases.filter(({ identity }) => undone.has(identity.key)) });
}

/**
 * The rollback cannot be planned anew: its statements may have been carried out. What can no longer be undone is looked for
 * wherever the migration ran.
 */
async function databasesUndone(deps: EngineDeps, run: Forgotten, plan: Plan): Promise<ReadonlySet<string>> {
  try {
    const work = await loadRollbackWork(deps.journal.reader(run.organizationUuid), run.migrationUuid);
    const endpoints = distinctEndpoints(work.apis.flatMap(bindingEndpoints));
    const found = await pMap(endpoints, (endpoint) => deps.targets.adapter(endpoint.kind).identify(endpoint), {
      concurrency: deps.settings.maxParallel,
    });
    return new Set(found.map(({ key }) => key));
  } catch (error) {
    if (!isEdenError(error, 'ROLLBACK_REFUSED')) throw error;
    return new Set(plan.databases.map(({ identity }) => identity.key));
  }
}
