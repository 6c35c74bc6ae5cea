import type { EndpointTest } from '@eden/coordinator';
import type { Endpoint, Subject, TargetPort } from '@eden/domain';
import type { z } from 'zod';
import type { endpointReportSchema, endpointSchema } from '../schemas/endpoint.js';
import { actionsOnEndpoint } from './actions.js';

/** The adapter of the kind leaves out what is secret. */
export function viewEndpoint(
  targets: TargetPort,
  subject: Subject,
  endpoint: Endpoint,
): z.output<typeof endpointSchema> {
  return {
    id: endpoint.id,
    uuid: endpoint.uuid,
    kind: endpoint.kind,
    description: endpoint.description,
    config: targets.adapter(endpoint.kind).describeConfig(endpoint.config),
    actions: actionsOnEndpoint(subject, endpoint.uuid),
    created_at: endpoint.createdAt.toISOString(),
    updated_at: endpoint.updatedAt.toISOString(),
  };
}

export function viewEndpointTest({
  connected,
  latencyMs,
  serverVersion,
  atomicity,
  preparing,
}: EndpointTest): z.output<typeof endpointReportSchema> {
  return {
    connected,
    latency_ms: latencyMs,
    server_version: serverVersion,
    atomicity,
    preparing: {
      possible: preparing.possible,
      max_prepared_transactions: preparing.maxPreparedTransactions,
      slots_free: preparing.slotsFree,
      reasons: [...preparing.reasons],
    },
  };
}
