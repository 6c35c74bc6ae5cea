import pMap from 'p-map';
import { databaseKey } from '@eden/domain';
import type { TargetReport, Uuid } from '@eden/domain';
import type { EngineDeps } from '../deps.js';
import type { MigrationWork } from '@eden/work';
import { bindingEndpoints, distinctEndpoints } from '@eden/work';

/** What is behind the endpoints of a migration now, by the endpoint's uuid. */
export type TargetReports = ReadonlyMap<Uuid, TargetReport>;

/** Reaches every endpoint once. @throws EdenError ENDPOINT_UNAVAILABLE */
export async function inspectTargets(deps: EngineDeps, work: MigrationWork): Promise<TargetReports> {
  const endpoints = distinctEndpoints(work.apis.flatMap((api) => [...bindingEndpoints(api), ...api.readerEndpoints]));
  const inspected = await pMap(
    endpoints,
    async (endpoint) => [endpoint.uuid, await deps.targets.adapter(endpoint.kind).inspect(endpoint)] as const,
    { concurrency: deps.settings.maxParallel },
  );
  return new Map(inspected);
}

export function reportOf(uuid: Uuid, reports: TargetReports): TargetReport {
  const report = reports.get(uuid);
  if (report === undefined) throw new TypeError('an endpoint that was not inspected');
  return report;
}

/** Endpoint uuid → key of the database behind it. */
export function databaseKeys(reports: TargetReports): ReadonlyMap<Uuid, string> {
  return new Map([...reports].map(([uuid, report]) => [uuid, databaseKey(report.identity)]));
}
