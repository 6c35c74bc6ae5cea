import pMap from 'p-map';
import type { Endpoint, TargetCapabilities, TargetReport, Uuid } from '@eden/domain';
import type { MigrationWork } from '../load-work.js';
import { bindingEndpoints, distinctEndpoints } from '../load-work.js';
import type { TargetVisitor } from './planner.js';

/** What is behind the endpoints of a migration now, by the endpoint's uuid. */
export type TargetReports = ReadonlyMap<Uuid, InspectedTarget>;

/** A target as it was found, and what its kind can do. */
export interface InspectedTarget extends TargetReport {
  readonly capabilities: TargetCapabilities;
}

/** All that the APIs of a migration use, before it, in it or after it. */
export function allEndpoints(work: Pick<MigrationWork, 'apis'>): readonly Endpoint[] {
  return distinctEndpoints(work.apis.flatMap((api) => [...bindingEndpoints(api), ...api.readerEndpoints]));
}

/** Reaches every endpoint once. @throws EdenError ENDPOINT_UNAVAILABLE */
export async function inspectTargets(
  visitor: TargetVisitor,
  work: Pick<MigrationWork, 'apis'>,
): Promise<TargetReports> {
  const inspected = await pMap(
    allEndpoints(work),
    async (endpoint) => [endpoint.uuid, await inspectTarget(visitor, endpoint)] as const,
    { concurrency: visitor.settings.maxParallel },
  );
  return new Map(inspected);
}

async function inspectTarget(visitor: TargetVisitor, endpoint: Endpoint): Promise<InspectedTarget> {
  const adapter = visitor.targets.adapter(endpoint.kind);
  return { ...(await adapter.inspect(endpoint)), capabilities: adapter.capabilities };
}

export function reportOf(uuid: Uuid, reports: TargetReports): InspectedTarget {
  const report = reports.get(uuid);
  if (report === undefined) throw new TypeError('an endpoint that was not inspected');
  return report;
}

/** Endpoint uuid → key of the database behind it. */
export function databaseKeys(reports: TargetReports): ReadonlyMap<Uuid, string> {
  return new Map([...reports].map(([uuid, report]) => [uuid, report.identity.key]));
}
