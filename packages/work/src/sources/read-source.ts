import type {
  Assessment,
  FolderFile,
  FolderReading,
  MigrationTool,
  SourceOptions,
  SourcePort,
  SourceProblem,
  SourceTool,
} from '@eden/domain';
import { EdenError } from '@eden/domain';
import type { History } from './look-at-history.js';

/** A folder as its tool reads it, and what the tool would make of it in the database. */
export interface SourceView {
  readonly tool: MigrationTool;
  readonly reading: FolderReading;
  readonly history: History;
  readonly assessment: Assessment;
}

export interface Folder {
  /** For people. */
  readonly id: string;
  readonly tool: SourceTool | 'auto';
  readonly options: SourceOptions;
  readonly files: readonly FolderFile[];
}

/** Problems of the folder and of the database in one list. */
export function problemsOf({ reading, assessment }: SourceView): readonly SourceProblem[] {
  return [...reading.problems, ...assessment.problems];
}

/** More of them help nobody. */
const MOST_PROBLEMS = 100;

export function sourceRefused(source: string, problems: readonly SourceProblem[]): EdenError {
  const shown = problems.slice(0, MOST_PROBLEMS).map(({ path, message }) => ({ path, message }));
  return new EdenError('SOURCE_REFUSED', { source, problems: shown, problem_count: problems.length });
}

/**
 * The folder and its database side by side. Where several tools could have made the folder, the one whose history is in the
 * database has.
 * @throws EdenError SOURCE_REFUSED when no tool, or several, can be meant; what `look` throws
 */
export async function viewSource(
  sources: SourcePort,
  folder: Folder,
  look: (tool: MigrationTool) => Promise<History>,
): Promise<SourceView> {
  const candidates = folder.tool === 'auto' ? sources.detect(folder.files) : [folder.tool];
  const views: SourceView[] = [];
  for (const name of candidates) views.push(await viewAs(sources.tool(name), folder, look));
  const [only] = views.length > 1 ? views.filter(hasHistory) : views;
  if (only === undefined) throw sourceRefused(folder.id, [undecided(candidates)]);
  return only;
}

async function viewAs(
  tool: MigrationTool,
  folder: Folder,
  look: (tool: MigrationTool) => Promise<History>,
): Promise<SourceView> {
  const reading = tool.read(folder.files, folder.options);
  const history = await look(tool);
  const { place, rows } = history;
  const assessment = tool.history.assess({ migrations: reading.migrations, place, rows, options: folder.options });
  return { tool, reading, history, assessment };
}

function hasHistory({ tool, history }: SourceView): boolean {
  return tool.history.rows(history.place) !== null;
}

function undecided(candidates: readonly SourceTool[]): SourceProblem {
  const message =
    candidates.length === 0
      ? 'no tool is known whose folder looks like this: name it in "tool"'
      : `the folder may be of ${candidates.join(' or ')}, and the database has no history that tells: name it in "tool"`;
  return { path: null, message };
}
