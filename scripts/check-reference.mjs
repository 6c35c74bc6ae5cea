/**
 * The tables of docs/reference name every error, run event, setting and metric of the code, and no other, with the
 * status, default, kind and labels that the code has. The tables are read from the Markdown, the rest from the sources.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { ROOT } from './ensure-installed.mjs';

/** Run with the sources of the packages in place of their builds, which need not be there. */
const FLAGS = ['--conditions=source', '--import', './packages/locking/src/testing/register-hooks.js'];

/** Rows of a table whose first cell is `code`: name → the other cells, without their backquotes. */
function documented(file) {
  const text = readFileSync(join(ROOT, 'docs', 'reference', file), 'utf8');
  const rows = [...text.matchAll(/^\| `([^`]+)` *\|(.*)\|$/gm)];
  return rows.map(([, name, rest]) => [name, rest.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll('`', ''))]);
}

async function errors() {
  const { ERRORS } = await import('../packages/domain/src/errors.ts');
  const { STATUS_OF } = await import('../services/gateway/src/error-handler.ts');
  return Object.entries(ERRORS).map(([code, { sentence }]) => [code, [String(STATUS_OF[code]), sentence]]);
}

async function settings() {
  const { VARIABLES } = await import('../packages/config/src/variables.ts');
  return Object.entries(VARIABLES).map(([name, schema]) => {
    const { success, data } = schema.safeParse(undefined);
    return [name, success ? [defaultOf(data)] : ['required']];
  });
}

/** A list without entries reads `none`. */
function defaultOf(value) {
  if (value === undefined) return undefined;
  return Array.isArray(value) && value.length === 0 ? 'none' : String(value);
}

async function metrics() {
  const { createMetrics } = await import('../packages/telemetry/src/metrics.ts');
  const made = Object.values(createMetrics()).filter(({ name }) => name?.startsWith('eden_'));
  return made.map((metric) => {
    const kind = metric.constructor.name.toLowerCase();
    return [metric.name, [kind, metric.labelNames.filter((label) => label !== 'le').join(', ')]];
  });
}

/** The members of the type `RunEventType`, however it is written. */
function runEvents() {
  const entry = join(ROOT, 'packages', 'domain', 'src', 'index.ts');
  const options = { module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext, strict: true };
  const program = ts.createProgram([entry], { ...options, types: [], noEmit: true });
  const checker = program.getTypeChecker();
  const exported = checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(entry)));
  const type = checker.getDeclaredTypeOfSymbol(exported.find(({ name }) => name === 'RunEventType'));
  return (type.isUnion() ? type.types : [type]).map(({ value }) => [value, []]);
}

/** What is missing, too much, or written otherwise; a fact that the code leaves undefined is not compared. */
function deviations(file, inCode) {
  const inDocs = documented(file);
  const [code, docs] = [new Map(inCode), new Map(inDocs)];
  const twice = inDocs.map(([name]) => name).filter((name, index, all) => all.indexOf(name) !== index);
  return [
    ...[...code.keys()].filter((name) => !docs.has(name)).map((name) => `${name} is missing`),
    ...[...docs.keys()].filter((name) => !code.has(name)).map((name) => `${name} does not exist`),
    ...twice.map((name) => `${name} stands there twice`),
    ...[...docs].flatMap(([name, cells]) => differences(name, cells, code.get(name) ?? [])),
  ].map((deviation) => `docs/reference/${file}: ${deviation}`);
}

function differences(name, cells, facts) {
  const wrong = facts
    .map((fact, index) => [fact, cells[index]])
    .filter(([fact, cell]) => fact !== undefined && fact !== cell);
  return wrong.map(([fact, cell]) => `${name} says "${cell}", and the code "${fact}"`);
}

async function check() {
  const found = [
    ...deviations('errors.md', await errors()),
    ...deviations('events.md', runEvents()),
    ...deviations('settings.md', await settings()),
    ...deviations('metrics.md', await metrics()),
  ];
  if (found.length > 0) console.error(found.join('\n'));
  return found.length > 0 ? 1 : 0;
}

if (process.execArgv.includes(FLAGS[0])) process.exitCode = await check();
else {
  const script = fileURLToPath(import.meta.url);
  process.exitCode = spawnSync(process.execPath, [...FLAGS, script], { cwd: ROOT, stdio: 'inherit' }).status ?? 1;
}
