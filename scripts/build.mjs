/**
 * `npm run build`, behind the generated sources: JavaScript from the TypeScript of every workspace, one file from one file, as
 * TypeScript emits it. Types are looked at by `npm run check`, and nothing waits for them here. What is up to date stays; what has
 * lost its source goes.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import ts from 'typescript';
import { ROOT } from './ensure-installed.mjs';

const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.base.json'), (path) => readFileSync(path, 'utf8'));
const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, ROOT);
/** Whatever was built by another compiler, or for another language level, is built anew. */
const MADE_BY = join('node_modules', '.cache', 'build.json');

const filesBelow = (folder) =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));

/** Workspaces with TypeScript that Node runs; the dashboard has its own build. */
function workspaces() {
  const below = (room) => readdirSync(join(ROOT, room)).map((name) => join(ROOT, room, name));
  return [...below('packages'), ...below('services'), join(ROOT, 'demo')].filter(
    (folder) => isThere(join(folder, 'src')) && !isThere(join(folder, 'vite.config.js')),
  );
}

function isThere(path) {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

function isBuilt(path) {
  return path.endsWith('.ts') && !/\.(test|d)\.ts$|\/src\/testing\//.test(path);
}

function emit(source, target) {
  const { outputText, sourceMapText } = ts.transpileModule(readFileSync(source, 'utf8'), {
    fileName: source,
    compilerOptions: { ...options, module: ts.ModuleKind.ESNext, sourceMap: true },
  });
  const map = { ...JSON.parse(sourceMapText), sources: [relative(dirname(target), source)] };
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(`${target}.map`, JSON.stringify(map));
  writeFileSync(target, outputText);
}

function isOlder(target, source) {
  const built = statSync(target, { throwIfNoEntry: false });
  return built === undefined || built.mtimeMs < statSync(source).mtimeMs;
}

/** Answers how many files were written. */
function build(folder, isAnew) {
  const [src, dist] = [join(folder, 'src'), join(folder, 'dist')];
  const targets = new Map(
    filesBelow(src)
      .filter(isBuilt)
      .map((source) => [join(dist, relative(src, source)).replace(/\.ts$/, '.js'), source]),
  );
  const stale = [...targets].filter(([target, source]) => isAnew || isOlder(target, source));
  for (const [target, source] of stale) emit(source, target);
  if (!isThere(dist)) return stale.length;
  const orphans = filesBelow(dist).filter((path) => !targets.has(path.replace(/\.map$/, '')));
  for (const orphan of orphans) rmSync(orphan);
  return stale.length;
}

function readMadeBy() {
  try {
    return readFileSync(join(ROOT, MADE_BY), 'utf8');
  } catch {
    return '';
  }
}

const madeBy = JSON.stringify({ typescript: ts.version, options });
const isAnew = readMadeBy() !== madeBy;
const written = workspaces().map((folder) => build(folder, isAnew));
mkdirSync(join(ROOT, dirname(MADE_BY)), { recursive: true });
writeFileSync(join(ROOT, MADE_BY), madeBy);
console.log(`${written.reduce((sum, count) => sum + count, 0)} files built`);
