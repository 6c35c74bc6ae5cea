import { EdenError } from '@eden/domain';
import type { Endpoint } from '@eden/domain';
import type { MigrationWork, TargetReports } from '@eden/work';
import { allEndpoints, databaseKeys } from '@eden/work';
import type { EngineDeps } from '../deps.js';
import type { OpenParticipant } from '../participants/participant.js';
import { copiesAmong } from './copies.js';

/*
 * Endpoints of equal identity lead to one database: this has to be shown, because a base backup, a snapshot or a
 * promoted standby has the identity of its original until a sync gives it another one (identify-databases.ts).
 */

/** Before a rollback is planned. @throws EdenError ATOMICITY_REFUSED (context: reasons) */
export async function assertOneDatabaseEach(
  deps: EngineDeps,
  work: MigrationWork,
  reports: TargetReports,
): Promise<void> {
  const [copy] = (await copiesAmong(deps, work, reports)).copies;
  const [kept] = copy?.keeping ?? [];
  if (copy !== undefined && kept !== undefined) throw twoDatabases(kept, copy.endpoints[0]);
}

/** In every run, in the very transactions of its participants. @throws EdenError ATOMICITY_REFUSED (context: reasons) */
export async function assertParticipantsAlone(
  deps: EngineDeps,
  { work, reports }: { readonly work: MigrationWork; readonly reports: TargetReports },
  participants: readonly OpenParticipant[],
): Promise<void> {
  const keys = databaseKeys(reports);
  for (const { endpoint: first, session } of participants) {
    const sameKey = allEndpoints(work).filter(({ uuid }) => keys.get(uuid) === keys.get(first.uuid));
    const others = sameKey.filter(({ uuid }) => uuid !== first.uuid);
    if (others.length > 0) await assertProof(deps, { proof: await session.holdProof(), first, others });
  }
}

/** A proof that is held in the database of `first`. */
interface HeldProof {
  readonly proof: string;
  readonly first: Endpoint;
  readonly others: readonly Endpoint[];
}

async function assertProof(deps: EngineDeps, { proof, first, others }: HeldProof): Promise<void> {
  for (const other of others) {
    const sighting = await deps.targets.adapter(other.kind).findProof(other, proof);
    if (sighting === 'not held') throw twoDatabases(first, other);
  }
}

function twoDatabases(first: Endpoint, other: Endpoint): EdenError {
  const reason = `Endpoints ${first.id} and ${other.id} lead to two databases, one of which is a copy of the other (a base backup, a snapshot or a promoted standby) and takes itself for it: sync, which gives the copy an id of its own`;
  return new EdenError('ATOMICITY_REFUSED', { reasons: [reason] });
}
