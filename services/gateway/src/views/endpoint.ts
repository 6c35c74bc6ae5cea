import type { Endpoint, TargetPort } from '@eden/domain';
import type { z } from 'zod';
import type { endpointSchema } from '../schemas/endpoint.js';

/** The adapter of the kind leaves out what is secret. */
export function viewEndpoint(targets: TargetPort, endpoint: Endpoint): z.output<typeof endpointSchema> {
  return {
    id: endpoint.id,
    uuid: endpoint.uuid,
    kind: endpoint.kind,
    description: endpoint.description,
    config: targets.adapter(endpoint.kind).describeConfig(endpoint.config),
    created_at: endpoint.createdAt.toISOString(),
    updated_at: endpoint.updatedAt.toISOString(),
  };
}
