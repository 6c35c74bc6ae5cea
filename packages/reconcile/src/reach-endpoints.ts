import { answerOf, ApiError, type Connection } from '@eden/client';
import { act } from './act.js';
import type { EndpointEntry } from './entries.js';

/**
 * Every endpoint of the file can be reached with the credentials that the file has now. The service never shows a password,
 * so nobody can see whether it is another: they are sent each time, and change nothing there when they are the same.
 * @throws ApiError when an endpoint cannot be reached
 */
export async function reachEndpoints(connection: Connection, endpoints: readonly EndpointEntry[]): Promise<void> {
  await Promise.all(endpoints.map((endpoint) => reach(connection, endpoint)));
}

async function reach(connection: Connection, endpoint: EndpointEntry): Promise<void> {
  try {
    await act(connection, { do: 'update endpoint', endpoint, changed: [], address: null });
  } catch (error) {
    // Whoever may migrate need not be allowed to change endpoints; then those of the service count.
    if (!(error instanceof ApiError && error.status === 403)) throw error;
  }
  await test(connection, endpoint.id);
}

async function test(connection: Connection, endpoint: string): Promise<void> {
  await answerOf(connection.POST('/api/v1/endpoints/{endpoint}/test', { params: { path: { endpoint } }, body: {} }));
}
