import { isDeepStrictEqual } from 'node:util';
import { answerOf } from '@eden/client';
import type { Cluster } from '../kubernetes/cluster.js';
import { identify, openConnection, readConnection, type Identity } from '../reconcile/connect.js';
import { obstacleOf } from '../reconcile/obstacle.js';
import type { ConditionState } from '../resources/conditions.js';
import type { EdenConnection, EdenMigration, EdenMigrationApproval } from '../resources/objects.js';

export type ApprovalReader = Pick<Cluster, 'read' | 'list' | 'readSecret' | 'readConfigMap'>;

/** What is to be approved. */
export interface Subject {
  readonly specHash: string | undefined;
  readonly planHash: string | undefined;
}

/** Who migrates, and the gateway that says so. */
export interface Migrator extends Identity {
  readonly gateway: Gateway;
}

type Gateway = Pick<EdenConnection['spec'], 'url' | 'caRef'>;

const MAY_APPROVE: readonly string[] = ['Admin', 'SuperAdmin'];

/** The same, where the service has it. */
interface Plan extends Subject {
  readonly planHash: string;
  readonly release: string;
}

/** Whether one of the approvals in the namespace lets the plan run; the service is told of it by whoever has approved. */
export async function findApproval(
  cluster: ApprovalReader,
  migration: EdenMigration,
  subject: Plan,
): Promise<ConditionState> {
  if (migration.spec.approval === 'Automatic') return { status: 'True', reason: 'NotRequired' };
  const { namespace, name } = migration.metadata;
  const all = await cluster.list<EdenMigrationApproval>('EdenMigrationApproval', namespace);
  const approvals = all.filter(({ spec, metadata }) => {
    return spec.migrationRef.name === name && metadata.deletionTimestamp === undefined;
  });
  const hint = `It waits for an EdenMigrationApproval with specHash ${subject.specHash} (plan ${subject.planHash})`;
  if (approvals.length === 0) return { status: 'False', reason: 'AwaitsApproval', message: hint };
  const migrator = await identifyMigrator(cluster, migration);
  const refusals: string[] = [];
  for (const approval of approvals) {
    const judged = await judgeApproval(cluster, approval, subject, migrator);
    const state = judged.status === 'True' ? await tellService(cluster, approval, subject, judged) : judged;
    if (state.status === 'True') return state;
    refusals.push(`${approval.metadata.name}: ${state.message ?? state.reason}`);
  }
  return { status: 'False', reason: 'AwaitsApproval', message: [hint, ...refusals].join('; ') };
}

/** As the approver, who has to be another one than whoever has made the plan there. */
async function tellService(
  cluster: ApprovalReader,
  { metadata, spec }: EdenMigrationApproval,
  { release, planHash }: Plan,
  judged: ConditionState,
): Promise<ConditionState> {
  try {
    const found = await readConnection(cluster, metadata.namespace, spec.connectionRef.name);
    const connection = await openConnection(cluster, found);
    const params = { path: { migration: release } };
    const body = { plan_hash: planHash };
    await answerOf(connection.POST('/api/v1/migrations/{migration}/approve', { params, body }));
    return judged;
  } catch (error) {
    const { reason, message } = obstacleOf(error);
    return refused(reason, message);
  }
}

/** @throws Obstacle, ApiError, UnreachableError */
export async function identifyMigrator(cluster: ApprovalReader, { metadata, spec }: EdenMigration): Promise<Migrator> {
  const found = await readConnection(cluster, metadata.namespace, spec.connectionRef.name);
  return { ...(await identify(await openConnection(cluster, found))), gateway: found.spec };
}

/** Asked of the approver's own connection each time: what a status says could have been written by anybody. */
export async function judgeApproval(
  cluster: ApprovalReader,
  { metadata, spec }: EdenMigrationApproval,
  subject: Subject,
  migrator: Migrator,
): Promise<ConditionState> {
  if (spec.specHash !== subject.specHash) {
    return refused('SpecChanged', `it is of specHash ${spec.specHash}, and the migration has ${subject.specHash}`);
  }
  if (spec.planHash !== undefined && spec.planHash !== subject.planHash) {
    return refused('SpecChanged', `it is of plan ${spec.planHash}, and the migration has ${subject.planHash}`);
  }
  try {
    const found = await readConnection(cluster, metadata.namespace, spec.connectionRef.name);
    // Another server could say of anybody that they are an administrator of this organization.
    if (!isSameGateway(found.spec, migrator.gateway)) {
      return refused(
        'NotAllowed',
        `EdenConnection ${found.metadata.name} has another url or caRef than the migration's`,
      );
    }
    return judgeApprover(await identify(await openConnection(cluster, found)), migrator);
  } catch (error) {
    const { reason, message } = obstacleOf(error);
    return refused(reason, message);
  }
}

function isSameGateway(one: Gateway, other: Gateway): boolean {
  const [url, otherUrl] = [one, other].map((each) => each.url.replace(/\/+$/, ''));
  return url === otherUrl && isDeepStrictEqual(one.caRef, other.caRef);
}

function judgeApprover(approver: Identity, migrator: Identity): ConditionState {
  if (approver.organization !== migrator.organization) {
    return refused('NotAllowed', `${approver.name} is of another organization`);
  }
  if (approver.uuid === migrator.uuid) return refused('SameSubject', `${approver.name} migrates, and cannot approve`);
  const isAllowed = MAY_APPROVE.includes(approver.level) && (approver.scopes?.includes('approve') ?? true);
  if (!isAllowed) return refused('NotAllowed', `${approver.name} needs the level Admin and the scope approve`);
  return { status: 'True', reason: 'Accepted', message: `Approved by ${approver.name}` };
}

function refused(reason: ConditionState['reason'], message: string): ConditionState {
  return { status: 'False', reason, message };
}
