import type {
  AtomicityClass,
  Endpoint,
  LintFinding,
  Plan,
  PlannedBinding,
  PlannedSource,
  SourceFileStatus,
  SourceMigration,
  SourcePort,
  SourceProblem,
  TargetAdapter,
  TargetPort,
  Uuid,
} from '@eden/domain';
import { isEdenError, weakestClass } from '@eden/domain';
import { refuseRollback } from '../rollback-work.js';
import { excerptOf } from './excerpt.js';
import type { LookLimits } from './look-at-history.js';
import { lookAtHistory } from './look-at-history.js';
import type { Folder, SourceView } from './read-source.js';
import { problemsOf, sourceRefused, viewSource } from './read-source.js';

/** The ports that a source is planned with. */
export interface SourcePlanner {
  readonly targets: TargetPort;
  readonly sources: SourcePort;
  readonly limits: LookLimits;
  /** Told of every look, also of one that is refused. */
  readonly seen?: (view: SourceView) => Promise<void>;
}

export interface FolderToPlan extends Folder {
  /** Of the source. */
  readonly uuid: Uuid;
  readonly endpoint: Endpoint;
  /** What a transaction on its server can promise. */
  readonly serverClass: AtomicityClass;
}

export interface PlannedFolder {
  readonly source: PlannedSource;
  readonly bindings: readonly PlannedBinding[];
}

/** More bindings than an API may have. */
const MOST_BINDINGS = 5_000;

/** The pending files of a folder. @throws EdenError SOURCE_REFUSED with all its problems */
export async function planSource(planner: SourcePlanner, folder: FolderToPlan): Promise<PlannedFolder> {
  const view = await look(planner, folder);
  await planner.seen?.(view);
  const { pending, baseline, statuses } = view.assessment;
  refuse(folder, [...problemsOf(view), ...tooMany(pending)]);
  const adapter = planner.targets.adapter(folder.endpoint.kind);
  const bindings = await planFiles(adapter, folder, pending);
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

async function planFiles(
  adapter: TargetAdapter,
  folder: FolderToPlan,
  pending: readonly SourceMigration[],
): Promise<readonly PlannedBinding[]> {
  const problems: SourceProblem[] = [];
  const bindings: PlannedBinding[] = [];
  for (const migration of pending) {
    const planned = await planFile(adapter, folder, migration);
    if ('problems' in planned) problems.push(...planned.problems);
    else bindings.push(planned);
  }
  refuse(folder, problems);
  return bindings;
}

interface Judged {
  readonly class: AtomicityClass;
  readonly findings: readonly LintFinding[];
  readonly problems: readonly SourceProblem[];
}

async function planFile(
  adapter: TargetAdapter,
  folder: FolderToPlan,
  migration: SourceMigration,
): Promise<PlannedBinding | { readonly problems: readonly SourceProblem[] }> {
  const { text, findings } = await textToRun(adapter, folder, migration.up);
  const judged = await judge(adapter, migration.file, text);
  const outside = judged.problems.length === 0 ? outsideProblems(migration, judged.class, findings.length > 0) : [];
  if (judged.problems.length + outside.length > 0) return { problems: [...judged.problems, ...outside] };
  return plannedBinding(folder, migration, {
    text,
    class: weakestClass([judged.class, folder.serverClass]),
    findings: [...findings, ...judged.findings],
  });
}

interface PlannedText {
  readonly text: string;
  readonly class: AtomicityClass;
  readonly findings: readonly LintFinding[];
}

function plannedBinding(
  { id: source, endpoint }: FolderToPlan,
  { file, version, sha256 }: SourceMigration,
  { text, class: atomicity, findings }: PlannedText,
): PlannedBinding {
  return {
    template: null,
    templateId: file,
    templateVersion: 0,
    endpoint: endpoint.uuid,
    endpointId: endpoint.id,
    endpointVersion: endpoint.version,
    statements: [excerptOf(text)],
    fields: {},
    class: atomicity,
    findings,
    estimatedRows: null,
    file: { source, file, version, sha256 },
  };
}

const INLINE: LintFinding = {
  rule: 'concurrently-inline',
  severity: 'warning',
  message:
    'CONCURRENTLY is left out: the index is built inside the transaction, and its table takes no writes meanwhile',
};

/** The text as it runs: without CONCURRENTLY where the options say so. */
export async function textToRun(
  adapter: TargetAdapter,
  { options }: Pick<Folder, 'options'>,
  text: string,
): Promise<{ readonly text: string; readonly findings: readonly LintFinding[] }> {
  if (options.concurrently !== 'inline') return { text, findings: [] };
  const inline = await adapter.withoutConcurrently(text);
  return { text: inline, findings: inline === text ? [] : [INLINE] };
}

async function judge(adapter: TargetAdapter, path: string, text: string): Promise<Judged> {
  try {
    const { class: atomicity, findings, refusals } = await adapter.analyze({ text, params: [], syntax: 'sql' });
    return { class: atomicity, findings, problems: refusals.map((message) => ({ path, message })) };
  } catch (error) {
    if (!isEdenError(error, 'VALIDATION_FAILED')) throw error;
    return { class: '2pc', findings: [], problems: issuesOf(error.context).map((message) => ({ path, message })) };
  }
}

function issuesOf({ issues, line }: Readonly<Record<string, unknown>>): readonly string[] {
  const where = typeof line === 'number' ? ` (line ${line})` : '';
  return Array.isArray(issues)
    ? issues.map(({ message }: { message: string }) => `${message}${where}`)
    : ['it cannot be read'];
}

/** What has to run outside of the transaction: with the two ways out. */
function outsideProblems(
  { file: path, transactional }: SourceMigration,
  atomicity: AtomicityClass,
  isInline: boolean,
): readonly SourceProblem[] {
  const leaves = atomicity === 'compensable' || atomicity === 'irreversible' || (!transactional && !isInline);
  if (!leaves) return [];
  const what = transactional
    ? 'it holds what cannot be in a transaction'
    : 'it says that it is not to run in a transaction';
  const message = `${what}, and so not be undone with the rest: build indexes inside it with "concurrently": "inline", or apply the file by its tool and stop before it with "to"`;
  return [{ path, message }];
}

/**
 * What takes back the files that the committed plan has run, the last one first.
 * @throws EdenError ROLLBACK_REFUSED (context: reasons)
 */
export async function planSourceRollback(
  planner: SourcePlanner,
  folder: FolderToPlan,
  committed: Plan | null,
): Promise<PlannedFolder> {
  const api = committed?.apis.find(({ source }) => source?.source === folder.uuid);
  if (api?.source === undefined) throw refuseRollback([`Nothing tells what the source "${folder.id}" has run`]);
  const { tool } = api.source;
  // Judged strictly, so that whatever the history holds besides is seen.
  const view = await look(planner, { ...folder, tool, options: { ...folder.options, strict: true } });
  const ran = new Set(api.bindings.flatMap(({ file }) => (file === undefined ? [] : [file.version])));
  const undone = view.assessment.migrations.filter(({ version }) => ran.has(version));
  const reasons = [
    ...laterRows(folder, view, { ran, planned: api.source }),
    ...notUndoable(folder, undone, api.source),
  ];
  if (reasons.length > 0) throw refuseRollback(reasons);
  const adapter = planner.targets.adapter(folder.endpoint.kind);
  const downs = undone
    .toReversed()
    .map((migration) => ({ ...migration, up: migration.down ?? '', transactional: true }));
  const bindings = await planFiles(adapter, folder, downs);
  const { fingerprint } = view.history;
  const nothing = { baseline: [], known: [], reruns: [] };
  return { bindings, source: { source: folder.uuid, tool, history: historyName(view), fingerprint, ...nothing } };
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

interface Ran {
  readonly ran: ReadonlySet<string>;
  readonly planned: PlannedSource;
}

function laterRows({ id }: Folder, { assessment: { statuses } }: SourceView, { ran, planned }: Ran): readonly string[] {
  const known = new Set([...planned.known, ...planned.baseline, ...ran]);
  // Where nothing ran, nothing is in the way.
  if (ran.size === 0) return [];
  const first = statuses.findIndex(({ version }) => ran.has(version));
  const later = statuses.filter(
    ({ state, version }, index) => isInHistory(state) && (index > first || state === 'missing') && !known.has(version),
  );
  const gone = statuses.filter(({ state, version }) => ran.has(version) && !isInHistory(state));
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
