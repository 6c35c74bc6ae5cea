import { join } from 'node:path';
import type { Cluster, ServiceProcess } from '@eden/testkit';
import { startCluster } from '@eden/testkit';
import { Faults } from './faults.js';

/** So long a dead worker's runs stay with it. */
export const LEASE_MS = 1_500;

/** Workers that can be told where to fall, and a gateway. */
export interface CrashCluster {
  readonly cluster: Cluster;
  readonly faults: Faults;
}

interface CrashClusterOptions {
  readonly workers?: number;
  readonly env?: Readonly<Record<string, string>>;
}

export async function startCrashCluster({ workers = 2, env = {} }: CrashClusterOptions = {}): Promise<CrashCluster> {
  const faults = await Faults.create();
  const cluster = await startCluster({
    workers,
    mains: { worker: join(import.meta.dirname, 'worker-main.js') },
    env: { LOCK_TTL_MS: String(LEASE_MS), EDEN_FAULTS: faults.folder, ...env },
  });
  return { cluster, faults };
}

/** The worker with this pid. */
export function workerOf(cluster: Cluster, pid: number): ServiceProcess {
  const member = cluster.workers.find((worker) => worker.pid === pid);
  if (member === undefined) throw new Error(`no worker of this cluster has the pid ${pid}`);
  return member;
}
