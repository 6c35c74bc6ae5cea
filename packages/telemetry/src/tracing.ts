import type { Tracer } from '@eden/domain';

/** What is known of an HTTP request when it comes. */
export interface IncomingRequest {
  readonly method: string;
  header(name: string): string | undefined;
}

/** The span of a request. */
export interface RequestSpan {
  /** For the answer: `traceresponse`, as W3C Trace Context level 3 drafts it. */
  readonly traceresponse: string;
  end(answer: { readonly route: string; readonly status: number }): void;
}

/** How a process traces. */
export interface Tracing extends Tracer {
  /** False where nothing is traced: then nobody has to prepare anything for it. */
  readonly isOn: boolean;
  /** For a log line: `trace_id` and `span_id` of what is done at this moment. */
  fields(): Readonly<Record<string, string>>;
  /** Begins the span of a request, a part of the trace that its `traceparent` names; `work` and what it calls belong to it. */
  serve(request: IncomingRequest, work: (span: RequestSpan) => void): void;
  /** Sends what is left; waits for no collector that is away. */
  stop(): Promise<void>;
}
