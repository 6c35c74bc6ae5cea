import type { Api } from '@eden/domain';
import { EdenError } from '@eden/domain';

/** @throws EdenError API_MANAGED when the API comes and goes with a source */
export function refuseManaged({ id, managed }: Pick<Api, 'id' | 'managed'>): void {
  if (managed) throw new EdenError('API_MANAGED', { api_id: id, suggestion: 'Change or delete its source' });
}
