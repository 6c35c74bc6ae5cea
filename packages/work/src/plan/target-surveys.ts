import pMap from 'p-map';
import type { TargetSurvey, Uuid } from '@eden/domain';
import type { MigrationWork } from '../load-work.js';
import { bindingEndpoints, distinctEndpoints } from '../load-work.js';
import type { TargetVisitor } from './planner.js';

/** What the targets that a migration changes say of themselves, by the endpoint's uuid. */
export type TargetSurveys = ReadonlyMap<Uuid, TargetSurvey>;

/** For a plan: a run that follows one finds by the fingerprint that it still holds. @throws EdenError ENDPOINT_UNAVAILABLE */
export async function surveyTargets(visitor: TargetVisitor, work: Pick<MigrationWork, 'apis'>): Promise<TargetSurveys> {
  const surveyed = await pMap(
    distinctEndpoints(work.apis.flatMap(bindingEndpoints)),
    async (endpoint) => [endpoint.uuid, await visitor.targets.adapter(endpoint.kind).survey(endpoint)] as const,
    { concurrency: visitor.settings.maxParallel },
  );
  return new Map(surveyed);
}
