import { EdenError } from '@eden/domain';
import type { RunJournal } from '@eden/domain';
import type { Client } from '../client.js';
import type { Place } from './place.js';
import { placeName } from './place.js';

/** Whose control database this is, as seen from where this process reaches it. */
export interface Installation {
  /**
   * The id under which transactions are prepared on target servers. It belongs to the places of the control database and
   * not to its data, so that a copy elsewhere has none until somebody gives it one.
   * @throws EdenError SERVICE_UNAVAILABLE (context: unknown_place) where the installation does not know the place
   */
  id(): Promise<string>;
  /** The ids of those that this one is a copy of. */
  earlier(): Promise<readonly string[]>;
}

/**
 * Asks until every place is known, and never again.
 * @param here One for each host that may turn out to be the primary: a copy at any of them would be taken for it.
 */
export function createInstallation(client: Client, here: readonly Place[]): Installation {
  let known: Promise<string> | undefined;
  const id = (): Promise<string> => {
    known ??= findInstallation(client, here).catch((error: unknown) => {
      known = undefined;
      throw error;
    });
    return known;
  };
  return { id, earlier: async () => earlierThan(client, await id()) };
}

/** What a run's journal tells of it. */
export function installations({
  id,
  earlier,
}: Installation): Pick<RunJournal, 'installation' | 'earlierInstallations'> {
  return { installation: id, earlierInstallations: earlier };
}

/** All places of a control database have the same: there is one row of each, and those of a copy are taken away. */
async function findInstallation(client: Client, here: readonly Place[]): Promise<string> {
  let id = '';
  for (const place of here) {
    const found = await client.place.findUnique({ where: { host_port_database: place } });
    if (found === null) throw unknownPlace(place);
    id = found.installationId;
  }
  return id;
}

async function earlierThan(client: Client, own: string): Promise<readonly string[]> {
  const rows = await client.installation.findMany({ where: { id: { not: own } }, select: { id: true } });
  return rows.map(({ id }) => id);
}

/** Tenants read it too: the place itself is for the log. */
function unknownPlace(here: Place): EdenError {
  const details = 'The control database is reached at a place that its installation does not know: it may be a copy';
  const suggestion =
    'An operator runs "npm run db:adopt" here: with --yes when the database has moved or this is a second address of it, with --as-copy when it is a copy';
  const cause = new Error(`${placeName(here)} is no place of the installation`);
  return new EdenError('SERVICE_UNAVAILABLE', { details, suggestion, unknown_place: true }, { cause });
}
