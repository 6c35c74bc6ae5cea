import { isEdenError, type SpanRequest } from '@eden/domain';
import {
  context,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Attributes,
  type Context,
  type Span,
  type Tracer as OtelTracer,
} from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import type { IncomingRequest, RequestSpan, Tracing } from './tracing.js';

/** Longest that the end of a process waits for the collector. */
const FLUSH_MS = 2_000;
/** How often spans are sent, and longest that one request with them takes. */
const SEND_EVERY_MS = 1_000;
const SEND_TIMEOUT_MS = 2_000;

const SERVER_ERROR = 500;

/** Traces by OpenTelemetry's SDK. What share of requests is traced says its own variable, OTEL_TRACES_SAMPLER. */
export class OpenTelemetry implements Tracing {
  readonly isOn = true;

  private constructor(
    private readonly provider: BasicTracerProvider,
    private readonly tracer: OtelTracer,
  ) {}

  static start(service: string, endpoint: string): OpenTelemetry {
    const exporter = new OTLPTraceExporter({ url: tracesUrl(endpoint), timeoutMillis: SEND_TIMEOUT_MS });
    const named = resourceFromAttributes({ 'service.namespace': 'eden', 'service.name': `eden-${service}` });
    const provider = new BasicTracerProvider({
      resource: defaultResource().merge(named),
      spanProcessors: [new BatchSpanProcessor(exporter, { scheduledDelayMillis: SEND_EVERY_MS })],
    });
    // The queue's spans are made by its own library, which asks for these.
    trace.setGlobalTracerProvider(provider);
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    propagation.setGlobalPropagator(new W3CTraceContextPropagator());
    return new OpenTelemetry(provider, provider.getTracer('eden'));
  }

  async traced<T>({ name, attributes, parent = null }: SpanRequest, work: () => Promise<T>): Promise<T> {
    const around = contextOf(parent);
    const span = this.tracer.startSpan(name, { attributes }, around);
    try {
      return await context.with(trace.setSpan(around, span), work);
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR, message: wordFor(error) });
      throw error;
    } finally {
      span.end();
    }
  }

  traceparent(): string | null {
    const span = trace.getActiveSpan();
    return span === undefined ? null : traceparentOf(span);
  }

  fields(): Readonly<Record<string, string>> {
    const span = trace.getActiveSpan();
    if (span === undefined) return {};
    const { traceId, spanId } = span.spanContext();
    return { trace_id: traceId, span_id: spanId };
  }

  serve({ method, header }: IncomingRequest, work: (span: RequestSpan) => void): void {
    const carrier = { traceparent: header('traceparent'), tracestate: header('tracestate') };
    const around = propagation.extract(ROOT_CONTEXT, carrier);
    const attributes: Attributes = { 'http.request.method': method };
    const span = this.tracer.startSpan(method, { kind: SpanKind.SERVER, attributes }, around);
    context.with(trace.setSpan(around, span), () => work(requestSpan(span, method)));
  }

  async stop(): Promise<void> {
    const late = new Promise<void>((resolve) => setTimeout(resolve, FLUSH_MS).unref());
    await Promise.race([this.provider.shutdown().catch(() => undefined), late]);
    for (const api of [trace, context, propagation]) api.disable();
  }
}

/** As the SDK itself makes it of its variable. */
function tracesUrl(endpoint: string): string {
  return `${endpoint.replace(/\/+$/, '')}/v1/traces`;
}

/** What is done at this moment, where that belongs to the trace of the parent already; else the parent. */
function contextOf(parent: string | null): Context {
  const active = context.active();
  if (parent === null) return active;
  const there = propagation.extract(ROOT_CONTEXT, { traceparent: parent });
  const isSame = trace.getSpanContext(active)?.traceId === trace.getSpanContext(there)?.traceId;
  return isSame ? active : there;
}

function requestSpan(span: Span, method: string): RequestSpan {
  return {
    traceresponse: traceparentOf(span),
    end: ({ route, status }) => {
      span.updateName(`${method} ${route}`);
      span.setAttributes({ 'http.route': route, 'http.response.status_code': status });
      if (status >= SERVER_ERROR) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end();
    },
  };
}

function traceparentOf(span: Span): string {
  const { traceId, spanId, traceFlags } = span.spanContext();
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
}

/** Messages of drivers hold SQL, data and addresses: what leaves the house is the kind of error. */
function wordFor(error: unknown): string {
  if (isEdenError(error)) return error.code;
  return error instanceof Error ? error.name : 'error';
}
