import type { ErrorContext, Logger, PreparedSeen, PrunedHistory, Telemetry } from '@eden/domain';
import type { LoggerOptions } from './logger.js';
import { createLogger } from './logger.js';
import type { Metrics } from './metrics.js';
import { createMetrics } from './metrics.js';

/** One answered request. `route` is the pattern, `/migrations/{migration}`, never the path that was asked for. */
export interface HttpObservation {
  readonly method: string;
  readonly route: string;
  readonly status: number;
  readonly durationMs: number;
}

/** What a process can serve on `/metrics`. */
export interface MetricsSource {
  readonly contentType: string;
  metricsText(): Promise<string>;
}

/** The telemetry of one process: the domain's events, and those that only a service knows. Durations in milliseconds. */
export interface ServiceTelemetry extends Telemetry, MetricsSource {
  /** A request came in; `httpObserved` follows when it is over. */
  httpStarted(): void;
  /** One log line and one observation per request; `log` carries request_id and organization. */
  httpObserved(request: HttpObservation, log?: Logger): void;
  /** Sets the gauges: how many runs are in doubt now, and since when the oldest is. */
  inDoubtObserved(runs: number, oldestAgeMs: number): void;
  /** Sets the gauge: how many prepared transactions without a run this process could not roll back. */
  orphansObserved(left: number): void;
  /** Sets the gauges: how many runs wait for a worker now, and since when the oldest does. */
  queueObserved(depth: number, oldestAgeMs: number): void;
}

const MS_PER_SECOND = 1000;

/** Stages are numbered by clients: beyond these they share one label. */
const LARGEST_STAGE_LABEL = 20;

/** What machines ask several times a minute. */
const PROBES: ReadonlySet<string> = new Set(['/healthz', '/readyz', '/metrics']);

function stageLabel(stage: number): string {
  return stage > LARGEST_STAGE_LABEL ? `>${LARGEST_STAGE_LABEL}` : String(stage);
}

class ProcessTelemetry implements ServiceTelemetry {
  readonly contentType: string;

  constructor(
    readonly log: Logger,
    private readonly metrics: Metrics,
  ) {
    this.contentType = metrics.registry.contentType;
  }

  metricsText(): Promise<string> {
    return this.metrics.registry.metrics();
  }

  lockWaited(mode: 'read' | 'write', waitedMs: number, outcome: 'granted' | 'timeout' | 'unavailable'): void {
    this.metrics.lockWait.observe({ mode }, waitedMs / MS_PER_SECOND);
    if (outcome === 'granted') return;
    this.metrics.lockFailures.inc({ mode, reason: outcome });
    this.log.warn('lock not granted', { mode, waited_ms: Math.round(waitedMs), reason: outcome });
  }

  templateExecuted(...[endpointKind, kind, executionTimeMs]: Parameters<Telemetry['templateExecuted']>): void {
    this.metrics.templateExecution.observe({ endpoint_kind: endpointKind, kind }, executionTimeMs / MS_PER_SECOND);
  }

  stageExecuted(stage: number, executionTimeMs: number): void {
    this.metrics.parallelExecution.observe({ stage: stageLabel(stage) }, executionTimeMs / MS_PER_SECOND);
    this.log.info('stage executed', { stage, execution_time_ms: Math.round(executionTimeMs) });
  }

  apiPaused(pauseMs: number): void {
    this.metrics.apiPause.observe(pauseMs / MS_PER_SECOND);
  }

  runFinished(...[kind, result, fields]: Parameters<Telemetry['runFinished']>): void {
    this.metrics.runs.inc({ kind, result });
    const level = result === 'failed' ? 'warn' : 'info';
    this.log[level]('run finished', { kind, result, ...fields });
  }

  validated(result: 'ok' | 'failed', fields: ErrorContext): void {
    this.metrics.validations.inc({ result });
    this.log.info('migration validated', { result, ...fields });
  }

  runInDoubt(fields: ErrorContext): void {
    this.metrics.inDoubt.inc();
    this.log.error('run in doubt', fields);
  }

  runContradicted(fields: ErrorContext): void {
    this.metrics.contradictions.inc();
    this.log.error('a target contradicts a run that has ended', fields);
  }

  preparedObserved({ count, ageMs, xidAge }: PreparedSeen): void {
    this.metrics.prepared.set(count);
    this.metrics.preparedAge.set(ageMs / MS_PER_SECOND);
    this.metrics.preparedXidAge.set(xidAge);
  }

  historyPruned({ runs, events, targetDatabases, kept }: PrunedHistory): void {
    this.metrics.pruned.inc({ what: 'runs' }, runs);
    this.metrics.pruned.inc({ what: 'run_events' }, events);
    this.metrics.pruned.inc({ what: 'target_databases' }, targetDatabases);
    this.metrics.retentionKept.set(kept);
    if (runs + events + targetDatabases + kept === 0) return;
    this.log.info('history pruned', { runs, events, target_databases: targetDatabases, kept });
  }

  httpStarted(): void {
    this.metrics.httpActive.inc();
  }

  httpObserved({ method, route, status, durationMs }: HttpObservation, log: Logger = this.log): void {
    this.metrics.httpActive.dec();
    this.metrics.httpRequests.observe({ method, route, status: String(status) }, durationMs / MS_PER_SECOND);
    const level = PROBES.has(route) ? 'debug' : 'info';
    log[level]('request', { method, route, status, duration_ms: Math.round(durationMs * 10) / 10 });
  }

  inDoubtObserved(runs: number, oldestAgeMs: number): void {
    this.metrics.inDoubt.set(runs);
    this.metrics.inDoubtAge.set(oldestAgeMs / MS_PER_SECOND);
  }

  orphansObserved(left: number): void {
    this.metrics.orphans.set(left);
  }

  queueObserved(depth: number, oldestAgeMs: number): void {
    this.metrics.queueDepth.set(depth);
    this.metrics.queueAge.set(oldestAgeMs / MS_PER_SECOND);
  }
}

/** Logger and metrics of one process, built once in its context.ts. */
export function createTelemetry(options: LoggerOptions): ServiceTelemetry {
  return new ProcessTelemetry(createLogger(options), createMetrics());
}
