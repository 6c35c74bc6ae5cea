import { publicOperation } from '../http/operation.js';
import { passGate } from '../runs/pass-gate.js';
import { gateQuerySchema, gateSchema } from '../schemas/hook.js';

export const getMigrationGate = publicOperation({
  method: 'get',
  path: '/migrations/{migration}/gate',
  tag: 'Migrations',
  summary: 'Wait for a migration, for init containers and pipelines; with a token of level Read, or a ticket',
  query: gateQuerySchema,
  result: gateSchema,
  acceptedResult: gateSchema,
  errors: ['AUTHENTICATION_REQUIRED', 'INSUFFICIENT_PERMISSIONS', 'GATE_CLOSED', 'RATE_LIMITED'],
  authorize: () => undefined,
  handler: ({ path, query, ...request }) => passGate(request, path.migration, query),
});
