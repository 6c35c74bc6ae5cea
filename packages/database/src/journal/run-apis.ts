import type { RunApi } from '@eden/domain';
import { Prisma } from '../generated/client.js';

type RunApiRow = Pick<RunApi, 'api' | 'apiId' | 'stage' | 'position' | 'state' | 'class'>;

/** Rows of uuid, id, stage, position, state and class as `api`, in one parameter however many they are. */
export function runApiRows(apis: readonly RunApiRow[]): Prisma.Sql {
  const rows = apis.map(({ api, apiId, stage, position, state, class: weakest }) => {
    return { api_uuid: api, api_id: apiId, stage, position, state, class: weakest };
  });
  return Prisma.sql`json_to_recordset(${JSON.stringify(rows)}::json)
          AS api (api_uuid uuid, api_id text, stage int, position int, state text, class text)`;
}
