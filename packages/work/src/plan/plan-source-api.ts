import type { Member, PlannedApi } from '@eden/domain';
import type { WorkSource } from '../load-work.js';
import type { FolderOfFiles } from '../sources/plan-files.js';
import { planSource, planSourceRollback } from '../sources/plan-source.js';
import type { Planner } from './planner.js';
import type { TargetReports } from './target-reports.js';
import { reportOf } from './target-reports.js';

interface SourceToPlan extends Pick<FolderOfFiles, 'isCut'> {
  readonly member: Member;
  readonly source: WorkSource;
}

/**
 * The API of a source: its pending files one by one, or what takes them back.
 * @throws EdenError SOURCE_REFUSED, ROLLBACK_REFUSED
 */
export async function planSourceApi(
  planner: Planner,
  { member, source: work, isCut }: SourceToPlan,
  reports: TargetReports,
): Promise<PlannedApi> {
  const { source, endpoint, direction } = work;
  const { folders } = planner;
  const serverClass = reportOf(endpoint.uuid, reports).class;
  const folder = { ...source, endpoint, files: await folders.files(source), serverClass, isCut };
  const planned =
    direction === 'up'
      ? await planSource(planner, folder, ({ assessment }) => folders.seen(source, assessment.statuses))
      : await planSourceRollback(planner, folder, await folders.committed());
  const { api, membership } = member;
  return { api: api.uuid, apiId: api.id, stage: membership.stage, position: membership.position, ...planned };
}
