import { isSameDatabase } from '@eden/domain';
import type { Api, Endpoint, ReaderGate } from '@eden/domain';
import type { CoordinatorDeps } from '../deps.js';
import { activeMigrationOf } from './load-api-work.js';

/**
 * The gate of an API in the database of an endpoint. Null where no migration is under way and none was there: then the read
 * lock alone keeps the API from joining one meanwhile. Where one was there, it may be rolled back by somebody who does not
 * see our lease, because the lock masters have forgotten it; the control database or the database itself may have
 * forgotten that it is not over; and the endpoint may lead to a standby that has not replayed it yet (protocol I32).
 */
export async function readerGateAt(deps: CoordinatorDeps, api: Api, endpoint: Endpoint): Promise<ReaderGate | null> {
  const isTaken = activeMigrationOf(api) !== null;
  const committedVersion = api.gates.length === 0 ? 0 : await committedVersionAt(deps, api, endpoint);
  if (!isTaken && committedVersion === 0) return null;
  return { apiUuid: api.uuid, schemaVersion: api.schemaVersion, committedVersion };
}

/** The endpoint may have been led elsewhere since the last sync: the database itself is asked, once for each version. */
async function committedVersionAt({ targets }: CoordinatorDeps, { gates }: Api, endpoint: Endpoint): Promise<number> {
  const database = await targets.adapter(endpoint.kind).identify(endpoint);
  return gates.find((gate) => isSameDatabase(gate, database))?.version ?? 0;
}
