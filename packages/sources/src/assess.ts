import type {
  Assessment,
  AssessmentInput,
  HistoryPlace,
  SourceFileStatus,
  SourceMigration,
  SourceProblem,
} from '@eden/domain';
import { hasTable, qualified } from './place.js';

/** What a history says of one version. */
export interface Recorded {
  readonly version: string;
  /** Under which name people know it, where no file is there. */
  readonly file: string;
  /** What the file has to have as its checksum; null where nothing is compared. */
  readonly checksum: string | null;
}

/** How the tool judges what differs; `options.strict` says otherwise. */
export interface Rules {
  readonly changed: 'refuse' | 'accept';
  readonly missing: 'refuse' | 'accept';
  /** A file that stands before one that has been applied. */
  readonly late: 'refuse' | 'apply' | 'skip';
}

export interface VersionsInput extends AssessmentInput {
  readonly recorded: readonly Recorded[];
  readonly rules: Rules;
  readonly matches?: (migration: SourceMigration, recorded: Recorded) => boolean;
  /** What else the tool compares of an applied file, as a message; null where nothing differs. */
  readonly differs?: (migration: SourceMigration) => string | null;
  /** Whether it stands before what has been applied; by its place among the files unless the tool knows better. */
  readonly isLate?: (migration: SourceMigration) => boolean;
  readonly problems?: readonly SourceProblem[];
}

interface Verdict {
  readonly status: SourceFileStatus;
  readonly problem: SourceProblem | null;
  readonly pending: boolean;
  readonly baseline: boolean;
}

/** The assessment of tools whose history holds one row for each version that was applied. */
export function assessVersions(input: VersionsInput): Assessment {
  const { migrations, recorded, rules, options } = input;
  const rows = new Map(recorded.map((row) => [row.version, row]));
  const last = migrations.findLastIndex(({ version }) => rows.has(version));
  const limit = findLimits(input);
  const verdicts = migrations.map((migration, index) => {
    const row = rows.get(migration.version);
    if (row !== undefined) return judgeApplied(migration, row, input);
    if (index <= limit.baseline) return applied(migration, 'it counts as applied: baseline');
    if (index > limit.to) return plain(migration, 'pending', `behind ${String(options.to)}, where the migration stops`);
    return judgePending(migration, input.isLate?.(migration) ?? index < last, rules);
  });
  const missing = missingRows(migrations, recorded, rules);
  return collect(migrations, [...verdicts, ...missing], [...limit.problems, ...(input.problems ?? [])]);
}

function collect(
  migrations: readonly SourceMigration[],
  verdicts: readonly Verdict[],
  problems: readonly SourceProblem[],
): Assessment {
  const found = verdicts.flatMap(({ problem }) => (problem === null ? [] : [problem]));
  return {
    migrations,
    statuses: verdicts.map(({ status }) => status),
    pending: migrations.filter((_, index) => verdicts[index]?.pending === true),
    baseline: migrations.filter((_, index) => verdicts[index]?.baseline === true),
    problems: [...problems, ...found],
  };
}

function plain({ file, version }: SourceMigration, state: SourceFileStatus['state'], reason: string | null): Verdict {
  return { status: { file, version, state, reason }, problem: null, pending: false, baseline: false };
}

function applied(migration: SourceMigration, reason: string | null): Verdict {
  return { ...plain(migration, 'applied', reason), baseline: reason !== null };
}

function refused(migration: SourceMigration, state: SourceFileStatus['state'], message: string): Verdict {
  return { ...plain(migration, state, message), problem: { path: migration.file, message } };
}

const CHANGED =
  'the file was changed after it had been applied: put its old text back and write the change as a new file, or pass over it with "strict": false';

function judgeApplied(migration: SourceMigration, row: Recorded, { matches, differs, rules }: VersionsInput): Verdict {
  const isSame = row.checksum === null || (matches?.(migration, row) ?? row.checksum === migration.checksum);
  const message = isSame ? (differs?.(migration) ?? null) : CHANGED;
  if (message === null) return applied(migration, null);
  return rules.changed === 'refuse' ? refused(migration, 'changed', message) : plain(migration, 'changed', message);
}

function judgePending(migration: SourceMigration, isLate: boolean, rules: Rules): Verdict {
  if (isLate && rules.late === 'refuse') {
    const message =
      'it stands before a file that has been applied already: give it a later version, or pass over the order with "strict": false';
    return refused(migration, 'refused', message);
  }
  if (isLate && rules.late === 'skip') {
    return plain(
      migration,
      'refused',
      'the tool passes over it: a later one has been applied; give it a later version',
    );
  }
  return { ...plain(migration, 'pending', null), pending: true };
}

function missingRows(migrations: readonly SourceMigration[], recorded: readonly Recorded[], rules: Rules): Verdict[] {
  const versions = new Set(migrations.map(({ version }) => version));
  return recorded
    .filter(({ version }) => !versions.has(version))
    .map(({ version, file }) => {
      const message =
        'the database has it, the folder has no file of it: put the file back, or pass over it with "strict": false';
      const status = { file, version, state: 'missing' as const, reason: message };
      const problem = rules.missing === 'refuse' ? { path: file, message } : null;
      return { status, problem, pending: false, baseline: false };
    });
}

/** Pending although it has run before: a rollback cannot bring back what it was then. */
export function asRerun(migration: SourceMigration): SourceMigration {
  return { ...migration, details: { ...migration.details, isRerun: true } };
}

/** `strict` over the tool's own rules. */
export function strictly(rules: Rules, strict: boolean | undefined, whenLax: Rules['late'] = 'apply'): Rules {
  if (strict === undefined) return rules;
  if (strict) return { changed: 'refuse', missing: 'refuse', late: 'refuse' };
  return { changed: 'accept', missing: 'accept', late: whenLax };
}

interface Limits {
  /** Index of the last migration that counts as applied, -1 for none. */
  readonly baseline: number;
  /** Index of the last one to run. */
  readonly to: number;
  readonly problems: readonly SourceProblem[];
}

/** Where `options.baseline` and `options.to` stand among the migrations. A baseline counts only while there is no history. */
export function findLimits({ migrations, options, rows }: AssessmentInput): Limits {
  const problems: SourceProblem[] = [];
  const find = (name: 'baseline' | 'to', otherwise: number): number => {
    const wanted = options[name];
    if (wanted === undefined) return otherwise;
    const index = findMigration(migrations, wanted);
    if (index < 0) problems.push({ path: null, message: `no file has the version ${wanted} that "${name}" asks for` });
    return index;
  };
  const to = find('to', migrations.length - 1);
  return { baseline: rows.length > 0 ? -1 : find('baseline', -1), to, problems };
}

/** The index of the last migration known by this version, file or name; -1 when there is none. */
function findMigration(migrations: readonly SourceMigration[], wanted: string): number {
  return migrations.findLastIndex(
    ({ version, file, name }) =>
      version === wanted ||
      file === wanted ||
      name === wanted ||
      file.endsWith(`/${wanted}`) ||
      isSameNumber(version, wanted),
  );
}

function isSameNumber(a: string, b: string): boolean {
  return /^\d+$/.test(a) && /^\d+$/.test(b) && BigInt(a) === BigInt(b);
}

/** The assessment of a database whose table of that name is not the tool's. */
export function foreignTable({ migrations }: AssessmentInput, place: HistoryPlace, tool: string): Assessment {
  const columns = Object.keys(place.columns).join(', ');
  const message = `${qualified(place)} is no history of ${tool}: its columns are ${columns}; name the right one with "table" and "schema", or the right tool`;
  return refuseAll(migrations, { path: null, message });
}

/** The assessment of a database in which nothing can be said of single files. */
export function refuseAll(migrations: readonly SourceMigration[], problem: SourceProblem): Assessment {
  const statuses = migrations.map(({ file, version }) => ({
    file,
    version,
    state: 'refused' as const,
    reason: problem.message,
  }));
  return { migrations, statuses, pending: [], baseline: [], problems: [problem] };
}

/** A database with tables but without history, as tools see it that refuse to begin there. */
export function notEmpty({ place, options }: AssessmentInput, tool: string): SourceProblem[] {
  if (hasTable(place) || options.baseline !== undefined || place.siblings.length === 0) return [];
  const some = place.siblings.slice(0, 3).join(', ');
  const message = `${place.database} has tables (${some}) but no history of ${tool}: say with "baseline" up to which file they are what the folder makes`;
  return [{ path: null, message }];
}
