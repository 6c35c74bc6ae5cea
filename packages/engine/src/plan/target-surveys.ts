import pMap from 'p-map';
import type { TargetSurvey, Uuid } from '@eden/domain';
import type { MigrationWork } from '@eden/work';
import { bindingEndpoints, distinctEndpoints } from '@eden/work';
import type { EngineDeps } from '../deps.js';

/** What the targets that a migration changes say of themselves, by the endpoint's uuid. */
export type TargetSurveys = ReadonlyMap<Uuid, TargetSurvey>;

/** For a plan: a run that follows one finds by the fingerprint that it still holds. @throws EdenError ENDPOINT_UNAVAILABLE */
export async function surveyTargets(deps: EngineDeps, work: MigrationWork): Promise<TargetSurveys> {
  const surveyed = await pMap(
    distinctEndpoints(work.apis.flatMap(bindingEndpoints)),
    async (endpoint) => [endpoint.uuid, await deps.targets.adapter(endpoint.kind).survey(endpoint)] as const,
    { concurrency: deps.settings.maxParallel },
  );
  return new Map(surveyed);
}
