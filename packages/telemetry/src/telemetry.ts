import type {
  DeliveryBacklog,
  ErrorContext,
  Logger,
  PreparedSeen,
  PrunedHistory,
  SpanRequest,
  Telemetry,
} from '@eden/domain';
import type { LoggerOptions } from './logger.js';
import { createLogger } from './logger.js';
import type { Metrics } from './metrics.js';
import { createMetrics } from './metrics.js';
import { NO_TRACING } from './start-tracing.js';
import type { Tracing } from './tracing.js';

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
  readonly tracing: Tracing;
  /** A request came in; `httpObserved` follows when it is over. */
  httpStarted(): void;
  /** One log line and one observation per request; `fields` carry request_id and organization. */
  httpObserved(request: HttpObservation, fields?: ErrorContext): void;
  /** A request was let through although a limit should have counted it: what counts was away. */
  requestUncounted(what: string, error: unknown): void;
  /** Sets the gauges: how many runs are in doubt now, and since when the oldest is. */
  inDoubtObserved(runs: number, oldestAgeMs: number): void;
  /** Sets the gauge: how many prepared transactions without a run this process could not roll back. */
  orphansObserved(left: number): void;
  /** Entries of the audit that retention has taken away. */
  auditPruned(entries: number): void;
  /** Sets the gauges: how many runs wait for a worker now, and since when the oldest does. */
  queueObserved(depth: number, oldestAgeMs: number): void;
  /** A webhook was told of an event, or was not. */
  webhookAttempted(result: 'delivered' | 'failed' | 'dead'): void;
  /** Sets the gauges: what is not delivered now. */
  webhooksObserved(backlog: DeliveryBacklog): void;
  /** The operator has looked at an object of the cluster. */
  reconciled(kind: string, result: 'ok' | 'conflict' | 'error', durationMs: number): void;
  /** A watch of the cluster broke off; it is begun again. */
  watchInterrupted(kind: string, reason: string): void;
  /** Sets the gauge: how many objects of the kind wait for a person. */
  stalledObserved(kind: string, objects: number): void;
  /** Sets the gauge: whether this operator leads. */
  leadershipObserved(leads: boolean): void;
}

const MS_PER_SECOND = 1000;

/** Stages are numbered by clients: those beyond it share one label, and those below 0 another. */
const LARGEST_STAGE_LABEL = 20;

/** Below it a request was answered well. */
const FIRST_FAILURE = 400;

/** What machines ask several times a minute. */
const PROBES: ReadonlySet<string> = new Set(['/healthz', '/readyz', '/metrics']);

function stageLabel(stage: number): string {
  if (stage < 0) return '<0';
  return stage > LARGEST_STAGE_LABEL ? `>${LARGEST_STAGE_LABEL}` : String(stage);
}

class ProcessTelemetry implements ServiceTelemetry {
  readonly contentType: string;

  constructor(
    readonly log: Logger,
    private readonly metrics: Metrics,
    readonly tracing: Tracing,
    private readonly requestLogShare: number,
  ) {
    this.contentType = metrics.registry.contentType;
  }

  metricsText(): Promise<string> {
    return this.metrics.registry.metrics();
  }

  traced<T>(span: SpanRequest, work: () => Promise<T>): Promise<T> {
    return this.tracing.traced(span, work);
  }

  traceparent(): string | null {
    return this.tracing.traceparent();
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

  auditPruned(entries: number): void {
    this.metrics.pruned.inc({ what: 'audit' }, entries);
    if (entries > 0) this.log.info('audit pruned', { entries });
  }

  httpStarted(): void {
    this.metrics.httpActive.inc();
  }

  httpObserved({ method, route, status, durationMs }: HttpObservation, fields: ErrorContext = {}): void {
    this.metrics.httpActive.dec();
    this.metrics.httpRequests.observe({ method, route, status: String(status) }, durationMs / MS_PER_SECOND);
    if (status < FIRST_FAILURE && Math.random() >= this.requestLogShare) return;
    const level = PROBES.has(route) ? 'debug' : 'info';
    this.log[level]('request', { ...fields, method, route, status, duration_ms: Math.round(durationMs * 10) / 10 });
  }

  requestUncounted(what: string, error: unknown): void {
    this.metrics.uncounted.inc({ what });
    this.log.debug('request not counted', { what, error });
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

  webhookAttempted(result: 'delivered' | 'failed' | 'dead'): void {
    this.metrics.webhookAttempts.inc({ result });
  }

  webhooksObserved({ pending, oldestAgeMs, dead }: DeliveryBacklog): void {
    this.metrics.webhooksPending.set(pending);
    this.metrics.webhooksAge.set(oldestAgeMs / MS_PER_SECOND);
    this.metrics.webhooksDead.set(dead);
  }

  reconciled(kind: string, result: 'ok' | 'conflict' | 'error', durationMs: number): void {
    this.metrics.reconciles.observe({ kind, result }, durationMs / MS_PER_SECOND);
    this.log.debug('object looked at', { kind, result, duration_ms: Math.round(durationMs) });
  }

  watchInterrupted(kind: string, reason: string): void {
    this.metrics.watchInterruptions.inc({ kind });
    this.log.warn('watch interrupted', { kind, reason });
  }

  stalledObserved(kind: string, objects: number): void {
    this.metrics.stalled.set({ kind }, objects);
  }

  leadershipObserved(leads: boolean): void {
    this.metrics.leads.set({ lease: 'eden-operator' }, leads ? 1 : 0);
  }
}

export interface TelemetryOptions extends Omit<LoggerOptions, 'fields'> {
  /** Default: nothing is traced. */
  readonly tracing?: Tracing;
  /** Of the requests that were answered well, how many have a log line: 0 to 1, drawn for each. Default: all. */
  readonly requestLogShare?: number;
}

/** Logger and metrics of one process, built once in its context.ts. */
export function createTelemetry({
  tracing = NO_TRACING,
  requestLogShare = 1,
  ...options
}: TelemetryOptions): ServiceTelemetry {
  const fields = tracing.isOn ? { fields: () => tracing.fields() } : {};
  return new ProcessTelemetry(createLogger({ ...options, ...fields }), createMetrics(), tracing, requestLogShare);
}
