import { advance, type MigrationDeps } from '../migration/advance.js';
import { lineOf } from '../migration/inputs.js';
import { conditionsOf, fieldsOf, stalled, waiting, type Outcome } from '../migration/outcome.js';
import { FINALIZER, releaseMigration, type ReleaseDeps } from '../migration/release.js';
import type { Cluster } from '../kubernetes/cluster.js';
import { isMissing } from '../kubernetes/errors.js';
import type { Again } from '../queue/work-queue.js';
import type { EdenMigration, MigrationStatus, ObjectKey } from '../resources/objects.js';
import { obstacleOf } from './obstacle.js';
import { tell, writeStatus, type StatusDeps } from './status.js';

export interface MigrationReconcilerDeps extends MigrationDeps, ReleaseDeps, StatusDeps {
  readonly cluster: Cluster;
}

/** One look at an EdenMigration, one step, and what it says of itself afterwards. */
export async function reconcileMigration(deps: MigrationReconcilerDeps, key: ObjectKey): Promise<Again> {
  const found = await deps.cluster.read<EdenMigration>('EdenMigration', key);
  if (found === null) return { after: 'change' };
  if (found.metadata.deletionTimestamp !== undefined) return letGo(deps, found);
  const migration = await withFinalizer(deps.cluster, found);
  const outcome = await advance(deps, migration).catch(outcomeOfTrouble);
  await writeStatus(deps, migration, conditionsOf(outcome), statusOf(migration, outcome));
  return outcome.again;
}

function outcomeOfTrouble(error: unknown): Outcome {
  const { reason, message, isStalled } = obstacleOf(error);
  return isStalled ? stalled(reason, message, {}, { after: 'backoff' }) : waiting(reason, message);
}

/** The line stays that of the first look: another id is another line. */
function statusOf(migration: EdenMigration, outcome: Outcome): MigrationStatus {
  const { migrationId = lineOf(migration) } = migration.status ?? {};
  return { migrationId, ...fieldsOf(outcome) };
}

/** Whatever else stands there belongs to others. */
async function withFinalizer(cluster: Cluster, migration: EdenMigration): Promise<EdenMigration> {
  const { finalizers = [] } = migration.metadata;
  const isWanted = migration.spec.deletionPolicy === 'Delete';
  if (finalizers.includes(FINALIZER) === isWanted) return migration;
  const others = finalizers.filter((finalizer) => finalizer !== FINALIZER);
  return cluster.setFinalizers(migration, isWanted ? [...others, FINALIZER] : others);
}

async function letGo(deps: MigrationReconcilerDeps, migration: EdenMigration): Promise<Again> {
  const { finalizers = [] } = migration.metadata;
  if (!finalizers.includes(FINALIZER)) return { after: 'change' };
  const released = await releaseMigration(deps, migration);
  if (released.kind === 'not yet') return { after: 'backoff' };
  const isGivenUp = released.kind === 'given up';
  await tell(deps, migration, {
    type: isGivenUp ? 'Warning' : 'Normal',
    reason: isGivenUp ? 'ReleaseGivenUp' : 'Released',
    message: isGivenUp ? `The migrations stay in Eden: ${released.message}` : released.message,
  });
  const others = finalizers.filter((finalizer) => finalizer !== FINALIZER);
  await deps.cluster.setFinalizers(migration, others).catch((error: unknown) => {
    if (!isMissing(error)) throw error;
  });
  return { after: 'change' };
}
