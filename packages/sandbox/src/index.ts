export { ManagedProcess, type Exit, type ProcessOptions } from './managed-process.js';
export { freePort } from './ports.js';
export type { PostgresOptions, PostgresServer, Superuser } from './postgres-server.js';
export type { PostgresSettings } from './postgres-settings.js';
export { StartError, waitUntilReady } from './readiness.js';
export type { RedisOptions, RedisServer } from './redis-server.js';
export { Sandbox } from './sandbox.js';
export type { Environment, LogLine, ServiceName } from './service-process.js';
export { newSecrets, ServiceProcess } from './service-process.js';
