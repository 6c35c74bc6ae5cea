import type { Cluster } from '../kubernetes/cluster.js';
import type { Again } from '../queue/work-queue.js';
import type { EdenConnection, ObjectKey } from '../resources/objects.js';
import { identify, openConnection } from './connect.js';
import { obstacleOf } from './obstacle.js';
import { writeStatus, type StatusDeps } from './status.js';
import { readyBecause, blockedBy } from './ready.js';

export interface ConnectionDeps extends StatusDeps {
  readonly cluster: Cluster;
}

/** Whether the gateway knows the robot. */
export async function reconcileConnection(deps: ConnectionDeps, key: ObjectKey): Promise<Again> {
  const object = await deps.cluster.read<EdenConnection>('EdenConnection', key);
  if (object === null || object.metadata.deletionTimestamp !== undefined) return { after: 'change' };
  try {
    const { organization, name, level } = await identify(await openConnection(deps.cluster, object));
    const states = readyBecause('Connected', `${name} of ${organization}, ${level}`);
    await writeStatus(deps, object, states, { organization, subject: name, level } as object);
    return { after: 'change' };
  } catch (error) {
    await writeStatus(deps, object, blockedBy(obstacleOf(error)));
    return { after: 'backoff' };
  }
}
