import type { Endpoint, PreparedTransaction, RunParticipant, RunStanding } from '@eden/domain';
import type { EngineDeps } from '../deps.js';
import { atParticipant, withSettlement } from '../participants/settlement.js';
import { askWitness, witnessOf } from '../participants/witness.js';
import { askFirst, askLast, possibleDatabases } from './possible-databases.js';

/** What is prepared under a token that is nobody's. */
export interface Unclaimed {
  readonly found: PreparedTransaction;
  readonly run: RunStanding | undefined;
  /** Where it was found. */
  readonly endpoint: Endpoint;
}

/**
 * Whether the attempt has committed at its witness, where nothing of it can be committed any more when this answers no.
 * @throws EdenError ENDPOINT_UNAVAILABLE when the witness, or a database that may be it, cannot be asked
 */
export async function isCommittedElsewhere(deps: EngineDeps, { found, run, endpoint }: Unclaimed): Promise<boolean> {
  const witness = witnessOf(run?.participants ?? []);
  if (run === undefined || witness === undefined) return isCommittedAnywhere(deps, { found, run, endpoint });
  if (witness.number === found.number) return false;
  const at = await endpointOf(deps, run, witness);
  const ledger = await atParticipant(deps, { row: witness, endpoint: at }, (there) => askWitness(there, found));
  return ledger.some(({ token }) => token === found.token);
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
 * The control database has forgotten the attempt, and perhaps the plan that it went by. A last resource has nothing prepared,
 * so nothing is rolled back before every ledger has been read.
 */
async function isCommittedAnywhere(deps: EngineDeps, { found, run, endpoint }: Unclaimed): Promise<boolean> {
  const others = (await possibleDatabases(deps, run)).filter(({ uuid }) => uuid !== endpoint.uuid);
  for (const ask of [askLast, askFirst]) {
    for (const other of others) {
      const ledger = await withSettlement(deps, other, (there) => ask(there, found));
      if (ledger.some(({ token }) => token === found.token)) return true;
    }
  }
  return false;
}
