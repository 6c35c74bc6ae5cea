import type { Tracing } from './tracing.js';

/** Where traces are sent to, and by which process. */
export interface TracingOptions {
  /** Name of the process. */
  readonly service: string;
  /** `OTEL_EXPORTER_OTLP_ENDPOINT`, such as `http://collector:4318`; undefined: nothing is traced. */
  readonly endpoint: string | undefined;
}

/** Nothing is traced, and nothing of OpenTelemetry is loaded. */
export const NO_TRACING: Tracing = {
  isOn: false,
  traced: (_span, work) => work(),
  traceparent: () => null,
  fields: () => ({}),
  serve: () => {
    throw new TypeError('nothing is traced');
  },
  stop: () => Promise.resolve(),
};

/** Traces by OpenTelemetry's protocol (OTLP over HTTP) where there is an endpoint, and else not at all. */
export async function startTracing({ service, endpoint }: TracingOptions): Promise<Tracing> {
  if (endpoint === undefined) return NO_TRACING;
  const { OpenTelemetry } = await import('./open-telemetry.js');
  return OpenTelemetry.start(service, endpoint);
}
