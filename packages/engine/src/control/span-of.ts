import type { Run, SpanRequest } from '@eden/domain';

/** An attempt at a run, in the trace of whoever asked for the run. */
export function spanOf({ uuid, kind, migrationId, attempt, traceparent }: Run, verb = 'run'): SpanRequest {
  const attributes = { 'eden.run': uuid, 'eden.migration': migrationId, 'eden.attempt': attempt };
  return { name: `${verb} ${kind}`, attributes, parent: traceparent };
}
