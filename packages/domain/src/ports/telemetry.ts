import type { EndpointKind } from '../endpoint.js';
import type { ErrorContext } from '../errors.js';
import type { RunKind } from '../run.js';
import type { PrunedHistory } from './retention.js';
import type { TemplateKind } from '../template.js';

export interface Logger {
  debug(message: string, fields?: ErrorContext): void;
  info(message: string, fields?: ErrorContext): void;
  warn(message: string, fields?: ErrorContext): void;
  error(message: string, fields?: ErrorContext): void;
  /** A logger that adds these fields (request_id, organization, run) to every line. */
  child(fields: ErrorContext): Logger;
}

/** Prepared transactions of this installation, over all targets that could be asked. */
export interface PreparedSeen {
  readonly count: number;
  /** Of the oldest. */
  readonly ageMs: number;
  /** Most transactions that a server has begun since one was prepared. */
  readonly xidAge: number;
}

/** A part of a trace. */
export interface SpanRequest {
  /** Of the kind of work: without ids. */
  readonly name: string;
  readonly attributes: Readonly<Record<string, string | number>>;
  /** W3C Trace Context of what it belongs to, where that is another process's work. */
  readonly parent?: string | null;
}

/** Says what belongs together, in whichever process it is done. Costs nothing where nobody wants to know. */
export interface Tracer {
  /** Does the work as a span of its own. */
  traced<T>(span: SpanRequest, work: () => Promise<T>): Promise<T>;
  /** W3C Trace Context (`traceparent`) of what is done at this moment; null where nobody traces. */
  traceparent(): string | null;
}

/** One function per business event: each writes its log line and its metric. Durations in milliseconds. */
export interface Telemetry extends Tracer {
  readonly log: Logger;
  lockWaited(mode: 'read' | 'write', waitedMs: number, outcome: 'granted' | 'timeout' | 'unavailable'): void;
  templateExecuted(endpointKind: EndpointKind, kind: TemplateKind, executionTimeMs: number): void;
  stageExecuted(stage: number, executionTimeMs: number): void;
  /** From the first gate closed to the last COMMIT PREPARED answered. */
  apiPaused(pauseMs: number): void;
  runFinished(kind: RunKind, result: 'succeeded' | 'failed' | 'cancelled' | 'requeued', fields: ErrorContext): void;
  validated(result: 'ok' | 'failed', fields: ErrorContext): void;
  runInDoubt(fields: ErrorContext): void;
  /** A target says otherwise than the control database of a run that has ended. */
  runContradicted(fields: ErrorContext): void;
  /** A round over the targets has seen so many prepared transactions of ours: nobody's, and those of runs under way. */
  preparedObserved(prepared: PreparedSeen): void;
  /** A round of retention has ended: what it took away, and the runs that it had to keep. */
  historyPruned(pruned: PrunedHistory): void;
}
