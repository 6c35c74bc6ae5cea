import type { Endpoint, LedgerRow, PreparedTransaction, Run, Settlement } from '@eden/domain';
import { bindingEndpoints, distinctEndpoints, loadWork } from '@eden/work';
import type { EngineDeps } from '../deps.js';

/*
 * Of an attempt of which the control database has forgotten even the plan nobody knows the databases: its witness is one of
 * those that runs have ever worked on, or that its migration names now (protocol I20).
 */

type OfMigration = Pick<Run, 'organizationUuid' | 'migrationUuid'>;

/** @param run Undefined where nobody knows it: then any database of anybody may be one of its. */
export async function possibleDatabases(deps: EngineDeps, run: OfMigration | undefined): Promise<readonly Endpoint[]> {
  const named = run === undefined ? [] : await namedDatabases(deps, run);
  return distinctEndpoints([...named, ...(await everParticipants(deps, run))]);
}

/** What its plan, its APIs and its sources name now. */
export async function namedDatabases(
  { journal, targets }: EngineDeps,
  { organizationUuid, migrationUuid }: OfMigration,
): Promise<readonly Endpoint[]> {
  const reader = journal.reader(organizationUuid);
  const [plan, work] = await Promise.all([reader.plan(migrationUuid), loadWork(reader, migrationUuid)]);
  const planned = await reader.endpointsByUuid((plan?.databases ?? []).map((database) => database.endpoint));
  const named = distinctEndpoints([...planned.values(), ...work.apis.flatMap(bindingEndpoints)]);
  return named.filter(({ kind }) => targets.adapter(kind).capabilities.transactions);
}

/** Of a run that is known, those of its organization: it waits for no target of another one. */
async function everParticipants({ journal }: EngineDeps, run: OfMigration | undefined): Promise<readonly Endpoint[]> {
  const known = await journal.participantEndpoints();
  const possible = known.filter(
    ({ organizationUuid }) => run === undefined || organizationUuid === run.organizationUuid,
  );
  const found = await Promise.all(
    possible.map(({ organizationUuid, endpointUuid }) =>
      journal.reader(organizationUuid).endpointsByUuid([endpointUuid]),
    ),
  );
  return found.flatMap((endpoints) => [...endpoints.values()]);
}

/** One attempt at a run, or all of them where it is the owner who asks: whoever else does must spare those that came since. */
export type Asked = Pick<PreparedTransaction, 'runUuid' | 'installation'> &
  Partial<Pick<PreparedTransaction, 'epoch' | 'token'>>;

/** Where it is the last resource: once its sessions are ended, it has committed or never will. */
export async function askLast(there: Settlement, { runUuid, epoch }: Asked): Promise<readonly LedgerRow[]> {
  await there.endBackends(runUuid, epoch === undefined ? Number.MAX_SAFE_INTEGER : epoch + 1);
  return there.readLedger(runUuid);
}

/** Where it is the first participant, which is the witness without a last resource: behind its rollback it never commits. */
export async function askFirst(there: Settlement, asked: Asked): Promise<readonly LedgerRow[]> {
  await rollBackPrepared(there, asked, (number) => number === 0);
  return there.readLedger(asked.runUuid);
}

export async function rollBackPrepared(
  there: Settlement,
  { runUuid, installation, token }: Asked,
  which: (number: number) => boolean = () => true,
): Promise<void> {
  const prepared = await there.listPrepared(installation);
  const asked = prepared.filter(
    (each) => each.runUuid === runUuid && (token === undefined || each.token === token) && which(each.number),
  );
  for (const { preparedId } of asked) await there.rollbackPrepared(preparedId);
}
