import type { Endpoint, LedgerRow, PreparedTransaction, RunParticipant, RunStanding, Settlement } from '@eden/domain';
import type { EngineDeps } from '../deps.js';
import { atParticipant, withSettlement } from '../participants/settlement.js';
import { askWitness, witnessOf } from '../participants/witness.js';
import { forgottenRows } from '../plan/forgotten-attempt.js';

/** What is prepared under a token that is nobody's. */
export interface Unclaimed {
  readonly found: PreparedTransaction;
  readonly run: RunStanding | undefined;
  /** Where it was found. */
  readonly endpoint: Endpoint;
}

/**
 * Whether the attempt has committed at its witness, where nothing of it can be committed any more when this answers no.
 * @throws EdenError ENDPOINT_UNAVAILABLE when the witness cannot be asked
 */
export async function isCommittedElsewhere(deps: EngineDeps, { found, run, endpoint }: Unclaimed): Promise<boolean> {
  if (run === undefined) return isCommittedAnywhere(deps, { found, run, endpoint });
  const witness = witnessOf(await rowsOf(deps, run));
  if (witness === undefined || witness.number === found.number) return false;
  const at = await endpointOf(deps, run, witness);
  const ledger = await atParticipant(deps, { row: witness, endpoint: at }, (there) => askWitness(there, found));
  return ledger.some(({ token }) => token === found.token);
}

function rowsOf(deps: EngineDeps, run: RunStanding): Promise<readonly RunParticipant[]> {
  if (run.participants.length > 0) return Promise.resolve(run.participants);
  return forgottenRows(deps, run);
}

async function endpointOf(
  { journal }: EngineDeps,
  run: RunStanding,
  { endpointUuid }: RunParticipant,
): Promise<Endpoint> {
  const endpoints = await journal.reader(run.organizationUuid).endpointsByUuid([endpointUuid]);
  const endpoint = endpoints.get(endpointUuid);
  if (endpoint === undefined) throw new Error('the endpoint of the witness is gone');
  return endpoint;
}

/** Nobody knows the witness of a run that nobody knows: it is one of the databases that any run has ever worked on. */
async function isCommittedAnywhere(deps: EngineDeps, { found, endpoint }: Unclaimed): Promise<boolean> {
  for (const { organizationUuid, endpointUuid } of await deps.journal.participantEndpoints()) {
    if (endpointUuid === endpoint.uuid) continue;
    const [other] = (await deps.journal.reader(organizationUuid).endpointsByUuid([endpointUuid])).values();
    if (other === undefined) continue;
    const ledger = await withSettlement(deps, other, (there) => askPossibleWitness(there, found));
    if (ledger.length > 0) return true;
  }
  return false;
}

/** Others than the first may not be rolled back before all have been asked. */
async function askPossibleWitness(there: Settlement, found: PreparedTransaction): Promise<readonly LedgerRow[]> {
  const prepared = await there.listPrepared(found.installation);
  if (prepared.some(({ token, number }) => token === found.token && number === 0)) return askWitness(there, found);
  await there.endBackends(found.runUuid, found.epoch + 1);
  return there.readLedger(found.runUuid);
}
