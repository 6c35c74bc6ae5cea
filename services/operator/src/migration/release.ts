import { answerOf, ApiError } from '@eden/client';
import { listReleases } from '@eden/reconcile';
import type { Cluster } from '../kubernetes/cluster.js';
import { describeFailure } from '../kubernetes/errors.js';
import { connectBy } from '../reconcile/connect.js';
import { obstacleOf } from '../reconcile/obstacle.js';
import type { EdenMigration } from '../resources/objects.js';
import { lineOf } from './inputs.js';

/** Set on objects whose deletion deletes their migrations too. */
export const FINALIZER = 'eden.dev/release';

export interface ReleaseDeps {
  readonly cluster: Pick<Cluster, 'read' | 'readSecret' | 'readConfigMap'>;
  readonly now: () => Date;
  /** How long a deletion waits for the gateway. */
  readonly releaseTimeoutMs: number;
}

export type Released =
  | { readonly kind: 'released'; readonly message: string }
  /** The object goes, its migrations stay: a finalizer that waits for ever would hold its namespace. */
  | { readonly kind: 'given up'; readonly message: string }
  | { readonly kind: 'not yet'; readonly message: string };

/** Without them there is no way to the gateway, and nobody brings them back to a namespace that goes. */
const GONE: readonly string[] = ['ConnectionNotFound', 'SecretNotFound', 'KeyNotFound'];

/** Deletes the releases of the line that the object has stood for: what its spec says since then is another one's. */
export async function releaseMigration(deps: ReleaseDeps, migration: EdenMigration): Promise<Released> {
  try {
    const { namespace } = migration.metadata;
    const line = migration.status?.migrationId ?? lineOf(migration);
    const connection = await connectBy(deps.cluster, namespace, migration.spec.connectionRef.name);
    const ids = (await listReleases(connection, line)).map(({ id }) => id);
    for (const id of ids) {
      const params = { path: { migration: id } };
      await answerOf(connection.DELETE('/api/v1/migrations/{migration}', { params })).catch(unlessGone);
    }
    return { kind: 'released', message: ids.length === 0 ? 'There was no migration' : `Deleted ${ids.join(', ')}` };
  } catch (error) {
    return afterTrouble(deps, migration, troubleOf(error));
  }
}

function unlessGone(error: unknown): void {
  if (!(error instanceof ApiError && error.status === 404)) throw error;
}

interface Trouble {
  readonly reason?: string;
  readonly message: string;
}

/** Whatever it is, a Secret that may not be read or an error of our own: none may hold the object for ever. */
function troubleOf(error: unknown): Trouble {
  try {
    return obstacleOf(error);
  } catch {
    return { message: describeFailure(error) };
  }
}

function afterTrouble(
  { now, releaseTimeoutMs }: ReleaseDeps,
  migration: EdenMigration,
  { reason, message }: Trouble,
): Released {
  if (reason !== undefined && GONE.includes(reason)) return { kind: 'given up', message };
  const waitedMs = now().getTime() - Date.parse(migration.metadata.deletionTimestamp ?? now().toISOString());
  return { kind: waitedMs > releaseTimeoutMs ? 'given up' : 'not yet', message };
}
