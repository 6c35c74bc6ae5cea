import type { Cluster } from '../kubernetes/cluster.js';
import { identifyMigrator, judgeApproval } from '../migration/approvals.js';
import type { Again } from '../queue/work-queue.js';
import type { ConditionState } from '../resources/conditions.js';
import type { EdenMigration, EdenMigrationApproval, ObjectKey } from '../resources/objects.js';
import { Obstacle, obstacleOf } from './obstacle.js';
import { blockedBy, readyBecause } from './ready.js';
import { writeStatus, type StatusDeps } from './status.js';

export interface ApprovalDeps extends StatusDeps {
  readonly cluster: Cluster;
}

/** Says whether the approval counts. What it lets run is decided anew when its migration is looked at. */
export async function reconcileApproval(deps: ApprovalDeps, key: ObjectKey): Promise<Again> {
  const approval = await deps.cluster.read<EdenMigrationApproval>('EdenMigrationApproval', key);
  if (approval === null || approval.metadata.deletionTimestamp !== undefined) return { after: 'change' };
  try {
    const { status, reason, message = '' } = await judge(deps, approval);
    const accepted = status === 'True';
    const states = accepted ? readyBecause(reason, message) : blockedBy({ reason, message, isStalled: true });
    await writeStatus(deps, approval, states);
    return { after: accepted ? 'change' : 'backoff' };
  } catch (error) {
    await writeStatus(deps, approval, blockedBy(obstacleOf(error)));
    return { after: 'backoff' };
  }
}

async function judge({ cluster }: ApprovalDeps, approval: EdenMigrationApproval): Promise<ConditionState> {
  const { namespace } = approval.metadata;
  const { name } = approval.spec.migrationRef;
  const migration = await cluster.read<EdenMigration>('EdenMigration', { namespace, name });
  if (migration === null) throw new Obstacle('MigrationNotFound', `EdenMigration ${name} is not there`);
  const { specHash, planHash } = migration.status ?? {};
  return judgeApproval(cluster, approval, { specHash, planHash }, await identifyMigrator(cluster, migration));
}
