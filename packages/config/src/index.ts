export { ConfigError } from './config-error.js';
export type { DeployConfig } from './deploy-config.js';
export { loadDeployConfig } from './deploy-config.js';
export type { Env } from './env.js';
export type { GatewayConfig } from './gateway-config.js';
export { loadGatewayConfig } from './gateway-config.js';
export type { LockConfig, LogLevel, StoreSecrets } from './process-config.js';
export type { WorkerConfig } from './worker-config.js';
export { loadWorkerConfig } from './worker-config.js';
