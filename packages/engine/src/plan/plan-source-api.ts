import type { Member, PlannedApi } from '@eden/domain';
import type { MigrationWork, SourcePlanner, SourceView, WorkSource } from '@eden/work';
import { planSource, planSourceRollback } from '@eden/work';
import type { EngineDeps } from '../deps.js';
import type { TargetReports } from './target-reports.js';
import { reportOf } from './target-reports.js';

/** Longest statement of a look at a history, which only reads. */
const STATEMENT_TIMEOUT_MS = 30_000;

/**
 * The API of a source: its pending files one by one, or what takes them back.
 * @throws EdenError SOURCE_REFUSED, ROLLBACK_REFUSED
 */
export async function planSourceApi(
  deps: EngineDeps,
  { migration }: MigrationWork,
  { member, source: work }: { readonly member: Member; readonly source: WorkSource },
  reports: TargetReports,
): Promise<PlannedApi> {
  const { source, endpoint, direction } = work;
  const reader = deps.journal.reader(migration.organizationUuid);
  const files = await reader.sourceFiles(source.uuid);
  const serverClass = reportOf(endpoint.uuid, reports).class;
  const folder = { ...source, endpoint, files, serverClass };
  const planner = plannerOf(deps);
  const seen = ({ assessment }: SourceView): Promise<void> =>
    deps.journal.recordSource(migration.organizationUuid, source.uuid, assessment.statuses);
  const planned =
    direction === 'up'
      ? await planSource({ ...planner, seen }, folder)
      : await planSourceRollback(planner, folder, await reader.plan(migration.uuid));
  const { api, membership } = member;
  return { api: api.uuid, apiId: api.id, stage: membership.stage, position: membership.position, ...planned };
}

function plannerOf({ targets, sources, settings }: EngineDeps): SourcePlanner {
  const limits = { lockTimeoutMs: settings.lockTimeoutMs, statementTimeoutMs: STATEMENT_TIMEOUT_MS };
  return { targets, sources, limits };
}
