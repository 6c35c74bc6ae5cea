import { BullMQOtel } from 'bullmq-otel';

/** For a queue or its worker: its own spans, and the trace context in its jobs. Nothing where nobody traces. */
export function telemetryOf({ traced = false }: { readonly traced?: boolean }): { telemetry?: BullMQOtel } {
  return traced ? { telemetry: new BullMQOtel({ tracerName: 'eden' }) } : {};
}
