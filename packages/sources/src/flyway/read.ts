import type { FolderFile, FolderReading, SourceMigration, SourceOptions, SourceProblem } from '@eden/domain';
import { compareText, isMigrationPath, readTexts, rollbackTexts } from '../folder.js';
import type { TextFile } from '../folder.js';
import { flywayChecksum } from './checksum.js';
import { canonical, compareVersions, readName } from './names.js';
import type { ScriptName } from './names.js';
import { replacePlaceholders } from './placeholders.js';

const CALLBACK = /^(before|after)(Each)?[A-Z]\w*?(__.*)?\.sql$|^createSchema(__.*)?\.sql$/;

interface Script {
  readonly file: TextFile;
  readonly name: ScriptName;
  readonly config: ReadonlyMap<string, string>;
}

/** Versioned scripts by version, behind them the repeatable ones by description. */
export function readFlyway(files: readonly FolderFile[], options: SourceOptions): FolderReading {
  const isRead = (path: string): boolean => /\.(sql|sql\.conf)$/.test(path) && isMigrationPath(path, options);
  const { texts, problems } = readTexts(files, isRead);
  const scripts = readScripts(texts);
  const undos = new Map(
    scripts.filter(({ name }) => name.kind === 'U').map((script) => [versionOf(script.name), script]),
  );
  const rollbacks = rollbackTexts(files, options);
  const read = scripts
    .filter(({ name }) => name.kind !== 'U')
    .sort(compareScripts)
    .map((script) => readScript(script, rollbacks.get(script.file.path) ?? undos.get(versionOf(script.name)), options));
  return {
    migrations: read.map(({ migration }) => migration),
    problems: [...problems, ...callbacks(texts), ...read.flatMap((script) => script.problems), ...duplicates(scripts)],
  };
}

function readScripts(texts: readonly TextFile[]): Script[] {
  const configs = new Map(texts.filter(({ name }) => name.endsWith('.conf')).map(({ path, text }) => [path, text]));
  return texts.flatMap((file) => {
    const name = readName(file.name);
    return name === null ? [] : [{ file, name, config: readConfig(configs.get(`${file.path}.conf`) ?? '') }];
  });
}

function readConfig(text: string): Map<string, string> {
  const lines = text.split('\n').map((line) => /^\s*([\w.]+)\s*=(.*)$/s.exec(line));
  return new Map(lines.flatMap((line) => (line === null ? [] : [[line[1] ?? '', (line[2] ?? '').trim()]])));
}

function compareScripts(a: Script, b: Script): number {
  const [left, right] = [a.name.version, b.name.version];
  if (left === null || right === null) {
    if (left !== right) return left === null ? 1 : -1;
    return compareText(a.name.description, b.name.description);
  }
  // A baseline stands for all up to its version.
  return compareVersions(left, right) || compareText(b.name.kind, a.name.kind);
}

function readScript(
  { file, name, config }: Script,
  down: string | Script | undefined,
  options: SourceOptions,
): { migration: SourceMigration; problems: SourceProblem[] } {
  const isReplaced = config.get('placeholderReplacement') !== 'false';
  const replaced = isReplaced ? replacePlaceholders(file.text, file.name, options) : { text: file.text, unknown: [] };
  const undo =
    down === undefined || typeof down === 'string'
      ? down
      : replacePlaceholders(down.file.text, down.file.name, options).text;
  const raw = flywayChecksum(file.text);
  const migration: SourceMigration = {
    file: file.path,
    version:
      name.kind === 'R'
        ? `R ${name.description}`
        : name.kind === 'B'
          ? `B ${String(name.version)}`
          : String(name.version),
    name: name.description,
    checksum: String(name.kind === 'R' ? flywayChecksum(replaced.text) : raw),
    sha256: file.sha256,
    up: replaced.text,
    down: undo ?? null,
    transactional: config.get('executeInTransaction') !== 'false',
    details: {
      ...{ kind: name.kind, version: name.version, description: name.description },
      ...{ raw: String(raw), isReplaced, isSkipped: shouldExecute(config) === 'false' },
    },
  };
  return { migration, problems: scriptProblems(file.path, replaced.unknown, config) };
}

function shouldExecute(config: ReadonlyMap<string, string>): string {
  return (config.get('shouldExecute') ?? 'true').toLowerCase();
}

function placeholderProblem(path: string, name: string): SourceProblem {
  const whose = /^flyway:/i.test(name) ? ', which Flyway makes itself where it runs' : '';
  const message = `nothing is said of the placeholder \${${name}}${whose}: give its value under the name "${name}" in "placeholders"`;
  return { path, message };
}

function scriptProblems(
  path: string,
  unknown: readonly string[],
  config: ReadonlyMap<string, string>,
): SourceProblem[] {
  const problems = shouldExecute(config) === 'false' ? [] : unknown.map((name) => placeholderProblem(path, name));
  const conf = `${path}.conf`;
  if (!/^(utf-?8)?$/i.test(config.get('encoding') ?? '')) {
    problems.push({ path: conf, message: 'its "encoding" is not read here: save the file as UTF-8' });
  }
  if (!['true', 'false'].includes(shouldExecute(config))) {
    problems.push({ path: conf, message: 'its "shouldExecute" is an expression: write true or false' });
  }
  return problems;
}

function callbacks(texts: readonly TextFile[]): SourceProblem[] {
  return texts
    .filter(({ name }) => CALLBACK.test(name))
    .map(({ path }) => ({ path, message: 'callbacks are not run here: leave the file out, or make it a migration' }));
}

/** However it is written. */
function versionOf({ version }: ScriptName): string | null {
  return version === null ? null : canonical(version);
}

function duplicates(scripts: readonly Script[]): SourceProblem[] {
  const seen = new Map<string, string>();
  return scripts.flatMap(({ file, name }) => {
    const key = `${name.kind} ${versionOf(name) ?? name.description}`;
    const other = seen.get(key);
    seen.set(key, file.path);
    return other === undefined
      ? []
      : [
          {
            path: file.path,
            message: `it has the version ${name.version ?? name.description} of ${other}; give one of them another`,
          },
        ];
  });
}
