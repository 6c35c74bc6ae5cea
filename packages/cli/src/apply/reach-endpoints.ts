import { answerOf, ApiError, type Connection } from '@eden/client';
import type { ResolvedEndpoint } from '../file/resolve-values.js';
import { act } from '../reconcile/act.js';

/**
 * Every endpoint of the file can be reached. The service never shows a password, so nobody can see whether it is
 * another: one that cannot be reached gets the credentials that are known here, and is tried once more.
 * @throws ApiError when it cannot be reached with those either
 */
export async function reachEndpoints(connection: Connection, endpoints: readonly ResolvedEndpoint[]): Promise<void> {
  await Promise.all(endpoints.map((endpoint) => reach(connection, endpoint)));
}

async function reach(connection: Connection, endpoint: ResolvedEndpoint): Promise<void> {
  try {
    await test(connection, endpoint.id);
  } catch (error) {
    if (!(error instanceof ApiError) || error.status === 401 || error.status === 403) throw error;
    await act(connection, { do: 'update endpoint', endpoint, changed: [], address: null });
    await test(connection, endpoint.id);
  }
}

async function test(connection: Connection, endpoint: string): Promise<void> {
  await answerOf(connection.POST('/api/v1/endpoints/{endpoint}/test', { params: { path: { endpoint } }, body: {} }));
}
