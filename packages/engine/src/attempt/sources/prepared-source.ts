import type {
  FolderReading,
  HistoryPlace,
  JsonObject,
  MigrationTool,
  PlannedApi,
  PlannedSource,
  RecordStep,
  SourceMigration,
  StatementLimits,
} from '@eden/domain';
import { EdenError } from '@eden/domain';
import type { StatementRunner, WorkApi, WorkSource } from '@eden/work';
import type { EngineDeps } from '../../deps.js';
import type { PlannedWork } from '../../plan/planned-work.js';

/** The API of a source in one attempt: its folder as its tool reads it, read before the attempt touches anything. */
export interface PreparedSource extends WorkSource {
  readonly api: WorkApi;
  readonly planned: PlannedApi & { readonly source: PlannedSource };
  readonly tool: MigrationTool;
  readonly reading: FolderReading;
}

export async function prepareSources(
  deps: EngineDeps,
  { work, plan }: PlannedWork,
): Promise<readonly PreparedSource[]> {
  const prepared: PreparedSource[] = [];
  for (const planned of plan.apis) {
    const api = work.apis.find(({ member }) => member.api.uuid === planned.api);
    if (planned.source === undefined || !api?.source) continue;
    const { source } = api.source;
    const files = await deps.journal.reader(work.migration.organizationUuid).sourceFiles(source.uuid);
    const tool = deps.sources.tool(planned.source.tool);
    const ofPlan = { ...planned, source: planned.source };
    prepared.push({ ...api.source, api, planned: ofPlan, tool, reading: tool.read(files, source.options) });
  }
  return prepared;
}

/** One file of a source in its participant. */
export interface SourceStep {
  /** Place among the bindings of its API. */
  readonly binding: number;
  readonly migration: SourceMigration;
  /** What precedes it in the folder. */
  readonly before: SourceMigration | null;
  readonly text: string;
}

/** A source whose tool can no longer run in its database, and what is to be done there. */
export interface EnteredSource {
  readonly place: HistoryPlace;
  readonly baseline: readonly SourceMigration[];
  /** Versions that the history held already. */
  readonly applied: readonly string[];
  readonly steps: readonly SourceStep[];
}

/** Runs the statements of a tool's record. @throws EdenError what `refuse` makes of a step that met other rows */
export async function takeSteps(
  session: StatementRunner,
  steps: readonly RecordStep[],
  refuse: (message: string) => EdenError,
  limits: StatementLimits = {},
): Promise<void> {
  for (const { text, params, expects } of steps) {
    const { rowCount } = await session.run({ text, params }, { ...limits, rows: 'discard', keepsSettings: true });
    if (expects !== undefined && rowCount !== expects.rows) throw refuse(expects.otherwise);
  }
}

/** The history is not what the plan was made from. */
export function sourceChanged({ source, endpoint }: WorkSource, details: string): EdenError {
  const context: JsonObject = {
    source: source.id,
    endpoint_id: endpoint.id,
    details,
    suggestion: 'Run sync again: it plans from what is there now',
  };
  return new EdenError('SOURCE_CHANGED', context);
}
