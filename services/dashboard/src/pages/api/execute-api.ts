import { answerOf, type Connection } from '@eden/client';
import type { JsonObject } from '../../parts/json.js';
import type { Outcome } from './try-it.js';

interface Result {
  readonly rows?: readonly JsonObject[];
  readonly row_count?: number;
  readonly array_results?: readonly Result[];
  readonly items_processed?: number;
}

/** What each template of the API has given, in their order. One that runs for each of many has all of their rows. */
export async function executeApi(
  http: Connection,
  api: string,
  input: JsonObject,
  nameOf: (uuid: string) => string,
): Promise<readonly Outcome[]> {
  const { data } = await answerOf(http.POST('/api/v1/apis/{api}', { params: { path: { api } }, body: { ...input } }));
  return Object.entries(data as Readonly<Record<string, Result>>).map(([key, result]) => {
    const [uuid = key] = key.split('#');
    const results = result.array_results ?? [result];
    return {
      template: nameOf(uuid),
      rows: results.flatMap(({ rows = [] }) => rows),
      rowCount: results.reduce((sum, { row_count: count = 0 }) => sum + count, 0),
    };
  });
}
