export type { LoggerOptions, LogLevel } from './logger.js';
export { createLogger } from './logger.js';
export type { OperationsServer, OperationsServerOptions } from './operations-server.js';
export { startOperationsServer } from './operations-server.js';
export type { HttpObservation, MetricsSource, ServiceTelemetry } from './telemetry.js';
export { createTelemetry } from './telemetry.js';
