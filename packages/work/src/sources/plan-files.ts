import type {
  Endpoint,
  LintFinding,
  AtomicityClass,
  PlannedAfter,
  PlannedBinding,
  SourceMigration,
  SourceProblem,
  StatementAnalysis,
  TargetAdapter,
} from '@eden/domain';
import { isEdenError, weakestClass } from '@eden/domain';
import { excerptOf } from './excerpt.js';
import { contextOf, NewEnumValues } from './new-enum-values.js';
import type { Folder } from './read-source.js';
import { sourceRefused } from './read-source.js';

export interface FolderOfFiles extends Folder {
  readonly endpoint: Endpoint;
  /** What a transaction on its server can promise. */
  readonly serverClass: AtomicityClass;
  /** Whether the plan may be cut, because the migration need not be atomic. */
  readonly isCut: boolean;
}

/** A file as it is to be planned: `up` runs, and `down` takes that back. */
export interface FileToPlan extends SourceMigration {
  /** Without CONCURRENTLY, as it ran. */
  readonly isInline?: boolean;
}

/** Who looks at the text of files. */
interface Reader {
  readonly adapter: TargetAdapter;
  readonly signal: AbortSignal | undefined;
}

/** Files in the order in which they run. @throws EdenError SOURCE_REFUSED with all their problems */
export async function planFiles(
  reader: Reader,
  folder: FolderOfFiles,
  pending: readonly FileToPlan[],
): Promise<readonly PlannedBinding[]> {
  const problems: SourceProblem[] = [];
  const bindings: PlannedBinding[] = [];
  const before = { created: new Set<string>(), uncommitted: new NewEnumValues(folder.isCut) };
  for (const migration of pending) {
    const planned = await planFile(reader, folder, migration, before);
    if ('problems' in planned) problems.push(...planned.problems);
    else bindings.push(planned);
  }
  if (problems.length > 0) throw sourceRefused(folder.id, problems);
  return bindings;
}

interface Judged {
  readonly analysis: StatementAnalysis | null;
  readonly problems: readonly SourceProblem[];
}

/** What the files before one do, in the same transaction. */
interface EarlierFiles {
  /** Tables that they make; those of each file are added. */
  readonly created: Set<string>;
  readonly uncommitted: NewEnumValues;
}

async function planFile(
  reader: Reader,
  folder: FolderOfFiles,
  migration: FileToPlan,
  before: EarlierFiles,
): Promise<PlannedBinding | { readonly problems: readonly SourceProblem[] }> {
  const written = await judge(reader, migration.file, migration.up, before);
  const inline = written.analysis === null ? null : inlineFinding(folder, migration, written.analysis, before.created);
  const text = await textToRun(reader.adapter, inline !== null, migration.up);
  const { analysis, problems } = inline === null ? written : await judge(reader, migration.file, text, before);
  if (analysis === null || problems.length > 0) return { problems };
  for (const table of analysis.createdTables) before.created.add(table);
  const file = { migration, text, inline, analysis, after: before.uncommitted.note(migration, analysis) };
  return isInside(file) ? planInside(folder, file) : planOutside(folder, file);
}

/** A file as it will run, and what is known of that. */
interface LookedAt {
  readonly migration: SourceMigration;
  readonly text: string;
  /** Why CONCURRENTLY was left out of it. */
  readonly inline: LintFinding | null;
  readonly analysis: StatementAnalysis;
  /** The file that it has to wait for. */
  readonly after: PlannedAfter | null;
}

function isInside({ migration, inline, analysis }: LookedAt): boolean {
  return !leavesTransaction(analysis) && (migration.transactional || inline !== null);
}

function planInside(folder: FolderOfFiles, file: LookedAt): PlannedBinding {
  return plannedBinding(folder, file, { class: weakestClass([file.analysis.class, folder.serverClass]) });
}

function planOutside(
  folder: FolderOfFiles,
  file: LookedAt,
): PlannedBinding | { readonly problems: readonly SourceProblem[] } {
  const { migration, analysis } = file;
  const { undo: known, refusals } = analysis.outside;
  if (refusals.length > 0) return { problems: refusals.map((message) => ({ path: migration.file, message })) };
  const undo = known ?? (takesBack(migration) ? migration.down : null);
  const outside = { phase: 'before', undo: undo === null ? null : excerptOf(undo) } as const;
  return plannedBinding(folder, file, { class: undo === null ? 'irreversible' : 'compensable', outside });
}

/** Not so the empty block that a tool writes into every new file, nor the down of one that had made the same before. */
function takesBack({ down, details }: SourceMigration): boolean {
  return down !== null && details['isRerun'] !== true && down.replaceAll(/--[^\n]*/g, '').trim() !== '';
}

function leavesTransaction({ class: atomicity }: StatementAnalysis): boolean {
  return atomicity === 'compensable' || atomicity === 'irreversible';
}

/** Why CONCURRENTLY is left out; null where it is not. */
function inlineFinding(
  { options }: Folder,
  { isInline = false }: FileToPlan,
  { outside: { indexedTables }, class: atomicity }: StatementAnalysis,
  created: ReadonlySet<string>,
): LintFinding | null {
  if (atomicity !== 'irreversible') return null;
  if (isInline) return INLINE_AS_BEFORE;
  if (options.concurrently === 'inline') return INLINE;
  if (indexedTables === null || !indexedTables.every((table) => isAmong(table, created))) return null;
  return INLINE_ON_NEW_TABLE;
}

/** A name without its schema is taken for one with any. */
function isAmong(table: string, created: ReadonlySet<string>): boolean {
  if (created.has(table)) return true;
  const bare = table.slice(table.lastIndexOf('.') + 1);
  return [...created].some((other) => other === bare || (bare === table && other.endsWith(`.${table}`)));
}

function plannedBinding(
  { id: source, endpoint }: FolderOfFiles,
  { migration: { file, version, sha256 }, text, inline, analysis, after }: LookedAt,
  place: Pick<PlannedBinding, 'class' | 'outside'>,
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
    findings: [...(inline === null ? [] : [inline]), ...analysis.findings],
    ...(analysis.lint === undefined ? {} : { lint: analysis.lint }),
    estimatedRows: null,
    file: { source, file, version, sha256 },
    ...(after === null ? {} : { after }),
    ...(inline === null ? {} : { isInline: true }),
    ...place,
  };
}

const INLINE: LintFinding = {
  rule: 'concurrently-inline',
  severity: 'warning',
  message:
    'CONCURRENTLY is left out: the index is built inside the transaction, and its table takes no writes meanwhile',
};

const INLINE_AS_BEFORE: LintFinding = {
  rule: 'concurrently-inline',
  severity: 'warning',
  message: 'CONCURRENTLY is left out, as it was when the file ran: the index goes inside the transaction',
};

const INLINE_ON_NEW_TABLE: LintFinding = {
  rule: 'concurrently-on-new-table',
  severity: 'warning',
  message: 'CONCURRENTLY is left out: an earlier file of this run makes the table, which nobody else has seen yet',
};

/** The text as it runs. */
export function textToRun(adapter: TargetAdapter, isInline: boolean, text: string): Promise<string> {
  return isInline ? adapter.withoutConcurrently(text) : Promise.resolve(text);
}

async function judge({ adapter, signal }: Reader, path: string, text: string, before: EarlierFiles): Promise<Judged> {
  try {
    const context = contextOf(before.uncommitted, signal);
    const analysis = await adapter.analyze({ text, params: [], syntax: 'sql' }, context);
    return { analysis, problems: analysis.refusals.map((message) => ({ path, message })) };
  } catch (error) {
    if (!isEdenError(error, 'VALIDATION_FAILED')) throw error;
    return { analysis: null, problems: issuesOf(error.context).map((message) => ({ path, message })) };
  }
}

function issuesOf({ issues, line }: Readonly<Record<string, unknown>>): readonly string[] {
  const where = typeof line === 'number' ? ` (line ${line})` : '';
  return Array.isArray(issues)
    ? issues.map(({ message }: { message: string }) => `${message}${where}`)
    : ['it cannot be read'];
}
