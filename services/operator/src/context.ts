import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { KubeConfig } from '@kubernetes/client-node';
import { ConfigError, type OperatorConfig } from '@eden/config';
import { createTelemetry, startOperationsServer, type OperationsServer, type ServiceTelemetry } from '@eden/telemetry';
import { Cluster } from './kubernetes/cluster.js';
import type { Candidate } from './leader/leader-election.js';
import type { MigrationReconcilerDeps } from './reconcile/reconcile-migration.js';
import { CONTROLLER } from './reconcile/status.js';

/** A sync that has failed is tried again in every fifth round. */
const ROUNDS_TO_SYNC_AGAIN = 5;

/** Everything an operator is made of, built here and nowhere else. */
export interface OperatorContext {
  readonly telemetry: ServiceTelemetry;
  readonly kubeConfig: KubeConfig;
  /** Undefined: all namespaces. */
  readonly namespace: string | undefined;
  readonly resyncMs: number;
  readonly deps: MigrationReconcilerDeps;
  readonly candidate: Candidate;
  /** `/metrics`, `/healthz` and `/readyz` on METRICS_PORT. */
  startOperations(): Promise<OperationsServer>;
}

/** @throws ConfigError when there is no way to a cluster */
export function createContext(config: OperatorConfig): OperatorContext {
  const telemetry = createTelemetry({ service: 'operator', level: config.logLevel });
  const kubeConfig = loadKubeConfig(config.kubeConfigPath);
  const cluster = new Cluster(kubeConfig);
  const identity = `${hostname()}_${randomUUID()}`;
  const lease = { namespace: config.ownNamespace, name: CONTROLLER };
  const { log } = telemetry;
  const { resyncMs, releaseTimeoutMs, leaseMs } = config;
  return {
    telemetry,
    kubeConfig,
    namespace: config.watchedNamespace,
    resyncMs,
    deps: {
      cluster,
      log,
      identity,
      now: () => new Date(),
      retrySyncMs: resyncMs * ROUNDS_TO_SYNC_AGAIN,
      releaseTimeoutMs,
    },
    candidate: { cluster, lease, identity, durationMs: leaseMs, log },
    startOperations: () =>
      startOperationsServer({
        ...config.operations,
        metrics: telemetry,
        log,
        // Whoever does not lead is ready, too: ready to.
        checkReadiness: async () => void (await cluster.readLease(lease)),
      }),
  };
}

function loadKubeConfig(path: string | undefined): KubeConfig {
  const config = new KubeConfig();
  try {
    if (path === undefined) config.loadFromCluster();
    else config.loadFromFile(path);
  } catch (cause) {
    throw noCluster(cause);
  }
  if (config.getCurrentCluster()?.server.includes('undefined') ?? true) throw noCluster();
  return config;
}

function noCluster(cause?: unknown): ConfigError {
  const text = 'KUBECONFIG is missing or cannot be read, expected the path of a kubeconfig outside of a cluster';
  return new ConfigError(text, { cause });
}
