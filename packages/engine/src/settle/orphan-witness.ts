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

/**
 * Nobody knows the witness of a run that nobody knows: it is one of the databases that any run has ever worked on. A last
 * resource has nothing prepared, so nothing is rolled back before every ledger has been read.
 */
async function isCommittedAnywhere(deps: EngineDeps, { found, endpoint }: Unclaimed): Promise<boolean> {
  const others = await otherEndpoints(deps, endpoint);
  for (const ask of [askLedger, askFirst]) {
    for (const other of others) {
      const ledger = await withSettlement(deps, other, (there) => ask(there, found));
      if (ledger.length > 0) return true;
    }
  }
  return false;
}

async function otherEndpoints({ journal }: EngineDeps, endpoint: Endpoint): Promise<readonly Endpoint[]> {
  const others: Endpoint[] = [];
  for (const { organizationUuid, endpointUuid } of await journal.participantEndpoints()) {
    if (endpointUuid === endpoint.uuid) continue;
    const [other] = (await journal.reader(organizationUuid).endpointsByUuid([endpointUuid])).values();
    if (other !== undefined) others.push(other);
  }
  return others;
}

/** Once its sessions are ended, a last resource has committed or never will. */
async function askLedger(there: Settlement, found: PreparedTransaction): Promise<readonly LedgerRow[]> {
  await there.endBackends(found.runUuid, found.epoch + 1);
  return there.readLedger(found.runUuid);
}

/** Without a last resource, the first participant is the witness. */
async function askFirst(there: Settlement, found: PreparedTransaction): Promise<readonly LedgerRow[]> {
  const prepared = await there.listPrepared(found.installation);
  const isFirst = prepared.some(({ token, number }) => token === found.token && number === 0);
  return isFirst ? askWitness(there, found) : [];
}
