import type { Env } from './env.js';
import { processEnv } from './env.js';
import type { LogLevel } from './process-config.js';
import { readVariables } from './read-variables.js';

/** It knows no secret of its own: the keys of its robots are in the cluster. */
export interface OperatorConfig {
  /** Listener of /metrics, /healthz and /readyz. */
  readonly operations: { readonly host: string; readonly port: number };
  /** Undefined: the account of the pod. */
  readonly kubeConfigPath: string | undefined;
  /** The namespace whose objects are looked at; undefined: all. */
  readonly watchedNamespace: string | undefined;
  /** Where the lease of the leader is. */
  readonly ownNamespace: string;
  readonly leaseMs: number;
  /** How often every object is looked at, whether or not it has changed. */
  readonly resyncMs: number;
  /** How long the deletion of an object waits for the gateway. */
  readonly releaseTimeoutMs: number;
  readonly logLevel: LogLevel;
}

/** @throws ConfigError */
export function loadOperatorConfig(env: Env = processEnv()): OperatorConfig {
  const values = readVariables(env, [
    'HOST',
    'METRICS_PORT',
    'KUBECONFIG',
    'WATCH_NAMESPACE',
    'POD_NAMESPACE',
    'OPERATOR_LEASE_MS',
    'OPERATOR_RESYNC_MS',
    'OPERATOR_RELEASE_TIMEOUT_MS',
    'LOG_LEVEL',
  ]);
  return {
    operations: { host: values.HOST, port: values.METRICS_PORT },
    kubeConfigPath: values.KUBECONFIG,
    watchedNamespace: values.WATCH_NAMESPACE,
    ownNamespace: values.POD_NAMESPACE,
    leaseMs: values.OPERATOR_LEASE_MS,
    resyncMs: values.OPERATOR_RESYNC_MS,
    releaseTimeoutMs: values.OPERATOR_RELEASE_TIMEOUT_MS,
    logLevel: values.LOG_LEVEL,
  };
}
