import { ApiError, type Connection, type Plan } from '@eden/client';
import { requestPlan as request, type PlanInput } from '@eden/reconcile';
import { CommandError } from '../exit-codes.js';

/**
 * What a release of this would run now; nothing is stored.
 * @throws CommandError when an endpoint is neither in the service nor in the file
 */
export async function requestPlan(connection: Connection, input: PlanInput): Promise<Plan> {
  try {
    return await request(connection, input);
  } catch (error) {
    if (!(error instanceof ApiError && error.code === 'ENDPOINT_NOT_FOUND')) throw error;
    const name = String(error.context['endpoint_id']);
    throw new CommandError(
      `The service does not know the endpoint ${name} yet`,
      'Name it under endpoints in eden.yaml.',
    );
  }
}
