import type {
  OutsideStep,
  Plan,
  PlannedApi,
  PlannedBinding,
  PlannedSource,
  SourceFileStatus,
  SourceMigration,
  SourcePort,
  SourceProblem,
  TargetPort,
  Uuid,
} from '@eden/domain';
import { refuseRollback } from '../rollback-work.js';
import type { LookLimits } from './look-at-history.js';
import { lookAtHistory } from './look-at-history.js';
import type { FileToPlan, FolderOfFiles } from './plan-files.js';
import { planFiles } from './plan-files.js';
import type { Folder, SourceView } from './read-source.js';
import { problemsOf, sourceRefused, viewSource } from './read-source.js';

/** The ports that a source is planned with. */
export interface SourcePlanner {
  readonly targets: TargetPort;
  readonly sources: SourcePort;
  readonly limits: LookLimits;
  /** Ends the look at long files; whoever aborts it hears its reason. */
  readonly signal?: AbortSignal;
}

export interface FolderToPlan extends FolderOfFiles {
  /** Of the source. */
  readonly uuid: Uuid;
}

/** The files that a migration has run. */
export interface CommittedFiles {
  readonly plan: Plan | null;
  /** Those that the rollback takes back outside its transaction, and may have taken back already. */
  readonly stepped: readonly Pick<OutsideStep, 'api' | 'template'>[];
}

export interface PlannedFolder {
  readonly source: PlannedSource;
  readonly bindings: readonly PlannedBinding[];
}

/** More bindings than an API may have. */
const MOST_BINDINGS = 5_000;

/**
 * The pending files of a folder.
 * @param seen Told of the look, also of one that is refused.
 * @throws EdenError SOURCE_REFUSED with all its problems
 */
export async function planSource(
  planner: SourcePlanner,
  folder: FolderToPlan,
  seen: (view: SourceView) => Promise<void>,
): Promise<PlannedFolder> {
  const view = await look(planner, folder);
  await seen(view);
  const { pending, baseline, statuses } = view.assessment;
  refuse(folder, [...problemsOf(view), ...tooMany(pending)]);
  const adapter = planner.targets.adapter(folder.endpoint.kind);
  const bindings = await planFiles({ adapter, signal: planner.signal }, folder, pending);
  return {
    bindings,
    source: {
      source: folder.uuid,
      tool: view.tool.name,
      history: historyName(view),
      fingerprint: view.history.fingerprint,
      baseline: baseline.map(({ version }) => version),
      known: knownVersions(statuses, pending[0]),
      reruns: pending.filter(({ details }) => details['isRerun'] === true).map(({ version }) => version),
    },
  };
}

function look({ targets, sources, limits }: SourcePlanner, folder: FolderToPlan): Promise<SourceView> {
  const { endpoint, options } = folder;
  return viewSource(sources, folder, (tool) => lookAtHistory(targets, endpoint, { tool, options }, limits));
}

function refuse(folder: Folder, problems: readonly SourceProblem[]): void {
  if (problems.length > 0) throw sourceRefused(folder.id, problems);
}

function tooMany(pending: readonly SourceMigration[]): readonly SourceProblem[] {
  if (pending.length <= MOST_BINDINGS) return [];
  const message = `${pending.length} files are pending, and a migration takes ${MOST_BINDINGS}: stop earlier with "to", or say with "baseline" what is there`;
  return [{ path: null, message }];
}

/**
 * What takes back the files that the committed plan has run, the last one first.
 * @throws EdenError ROLLBACK_REFUSED (context: reasons)
 */
export async function planSourceRollback(
  planner: SourcePlanner,
  folder: FolderToPlan,
  { plan: committed, stepped }: CommittedFiles,
): Promise<PlannedFolder> {
  const api = committed?.apis.find(({ source }) => source?.source === folder.uuid);
  if (api?.source === undefined) throw refuseRollback([`Nothing tells what the source "${folder.id}" has run`]);
  const { tool } = api.source;
  // Judged strictly, so that whatever the history holds besides is seen.
  const view = await look(planner, { ...folder, tool, options: { ...folder.options, strict: true } });
  const ran = new Set(api.bindings.flatMap(({ file }) => (file === undefined ? [] : [file.version])));
  const undone = view.assessment.migrations.filter(({ version }) => ran.has(version));
  const reasons = [
    ...laterRows(folder, view, { ran, planned: api.source, stepped: filesOf(api, stepped) }),
    ...notUndoable(folder, undone, api.source),
  ];
  if (reasons.length > 0) throw refuseRollback(reasons);
  const adapter = planner.targets.adapter(folder.endpoint.kind);
  const downs = undone.toReversed().map((migration) => takenBack(migration, api));
  const bindings = await planFiles({ adapter, signal: planner.signal }, folder, downs);
  const { fingerprint } = view.history;
  const nothing = { baseline: [], known: [], reruns: [] };
  return { bindings, source: { source: folder.uuid, tool, history: historyName(view), fingerprint, ...nothing } };
}

/**
 * What keeps the files that the committed plan has run from being taken back, as far as the folder tells: the history is
 * looked at by the rollback itself.
 */
export function obstaclesOfFolder(sources: SourcePort, folder: Folder, ran: PlannedApi): readonly string[] {
  if (ran.source === undefined) return [];
  const { tool } = ran.source;
  const versions = new Set(ran.bindings.flatMap(({ file }) => (file === undefined ? [] : [file.version])));
  const { migrations } = sources.tool(tool).read(folder.files, folder.options);
  const undone = migrations.filter(({ version }) => versions.has(version));
  return notUndoable({ ...folder, tool }, undone, ran.source);
}

/** What the history holds that an undoing could take for later than the pending files, and is not. */
function knownVersions(statuses: readonly SourceFileStatus[], first: SourceMigration | undefined): readonly string[] {
  const start = first === undefined ? statuses.length : statuses.findIndex(({ version }) => version === first.version);
  return statuses
    .filter(({ state }, index) => state === 'missing' || (index > start && isInHistory(state)))
    .map(({ version }) => version);
}

function isInHistory(state: SourceFileStatus['state']): boolean {
  return state === 'applied' || state === 'changed' || state === 'missing';
}

/** Once more, what takes a file back is taken back by the file: where that one has left CONCURRENTLY out, both do. */
function takenBack(migration: SourceMigration, { bindings }: PlannedApi): FileToPlan {
  const { up, down, version } = migration;
  const isInline = bindings.some(({ file, isInline }) => file?.version === version && isInline === true);
  return { ...migration, up: down ?? '', down: up, transactional: true, isInline };
}

function filesOf({ api }: PlannedApi, stepped: CommittedFiles['stepped']): ReadonlySet<string> {
  return new Set(stepped.filter((step) => step.api === api).map(({ template }) => template));
}

interface Ran {
  readonly ran: ReadonlySet<string>;
  /** By their paths: their rows may be gone. */
  readonly stepped: ReadonlySet<string>;
  readonly planned: PlannedSource;
}

function laterRows(
  { id }: Folder,
  { assessment: { statuses } }: SourceView,
  { ran, planned, stepped }: Ran,
): readonly string[] {
  const known = new Set([...planned.known, ...planned.baseline, ...ran]);
  // Where nothing ran, nothing is in the way.
  if (ran.size === 0) return [];
  const first = statuses.findIndex(({ version }) => ran.has(version));
  const later = statuses.filter(
    ({ state, version }, index) => isInHistory(state) && (index > first || state === 'missing') && !known.has(version),
  );
  const gone = statuses.filter(
    ({ state, version, file }) => ran.has(version) && !isInHistory(state) && !stepped.has(file),
  );
  return [
    ...later.map(
      ({ file }) => `The history of the source "${id}" holds ${file}, which came later: take that back first`,
    ),
    ...gone.map(({ file }) => `The history of the source "${id}" no longer holds ${file}`),
  ];
}

function notUndoable(
  { id, tool }: Folder,
  undone: readonly SourceMigration[],
  { reruns }: PlannedSource,
): readonly string[] {
  return undone.flatMap(({ file, version, down }) => {
    if (reruns.includes(version))
      return [`${file} of the source "${id}" had run before, and what it was then is not known`];
    if (down !== null) return [];
    return [
      `${file} of the source "${id}" says nothing that takes it back: ${tool} knows no down of it, and "rollback" names no folder that has one`,
    ];
  });
}

function historyName({ history: { place } }: SourceView): string {
  return `${place.schema}.${place.table}`;
}
