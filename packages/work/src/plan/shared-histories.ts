import type { PlannedApi } from '@eden/domain';
import type { MigrationWork } from '../load-work.js';
import { sourceRefused } from '../sources/read-source.js';
import type { TargetReports } from './target-reports.js';
import { reportOf } from './target-reports.js';

/** Two folders of one history would each take the other's rows for files that are gone. @throws EdenError SOURCE_REFUSED */
export function refuseSharedHistories(
  work: Pick<MigrationWork, 'apis'>,
  apis: readonly PlannedApi[],
  reports: TargetReports,
): void {
  const seen = new Map<string, string>();
  for (const { api, source } of apis) {
    const own = work.apis.find(({ member }) => member.api.uuid === api)?.source;
    if (source === undefined || !own) continue;
    const key = `${reportOf(own.endpoint.uuid, reports).identity.key} ${source.history}`;
    const other = seen.get(key);
    if (other !== undefined) throw sourceRefused(own.source.id, [shared(other, own.source.id, source.history)]);
    seen.set(key, own.source.id);
  }
}

function shared(first: string, second: string, history: string) {
  const message = `the sources "${first}" and "${second}" have one history, ${history}: give one of them a table of its own with "table"`;
  return { path: null, message };
}
