import { answerOf, type components, type Connection } from '@eden/client';

export type Report = components['schemas']['EndpointReport'];

/** Has the service connect to it. @throws ApiError that says why it could not */
export async function askEndpoint(http: Connection, endpoint: string): Promise<Report> {
  const params = { path: { endpoint } };
  return (await answerOf(http.POST('/api/v1/endpoints/{endpoint}/test', { params, body: {} }))).data;
}
