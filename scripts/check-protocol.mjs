/**
 * docs/protocol.md and what holds it, both ways: each invariant and each row of the crash table names its tests, each of
 * those tests names it (a line `// Protocol: I7, C3` above it), and what the sources cite is there.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { ROOT } from './ensure-installed.mjs';
import { holdSections, report } from './generated-sections.mjs';

const DOCUMENT = 'docs/protocol.md';
const ROOMS = ['packages', 'services', 'tests', 'bench', 'demo', 'prisma', 'docs/adr'];
const NOT_OURS = new Set(['node_modules', 'dist', 'generated']);

const NAME = /^(?:### (I\d+) |\| (C\d+) )/gm;
const TAG = /^\/\/ Protocol: (.+)$/;
const CITATION = /\bprotocol\s+(?:\*\s+)?([IC]\d+(?:(?:,|–| and)\s*[IC]\d+)*)/gi;
/** Of a document that is not here. */
const ELSEWHERE = /\bprotocol\s+(?:\*\s+)?sections?\b|\(P\d+\)|\bP\d+ (?:asks|says|holds)/gi;

function filesBelow(folder) {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return NOT_OURS.has(entry.name) ? [] : filesBelow(path);
    return /\.(ts|js|mjs|lua|sql|md)$/.test(entry.name) ? [path] : [];
  });
}

const read = (file) => readFileSync(join(ROOT, file), 'utf8');
const namesIn = (text) => text.match(/[IC]\d+/g) ?? [];

/** The title of a call of describe, it or test, also of their `each`; null of any other. */
function titleOf(call) {
  let callee = call.expression;
  while (!ts.isIdentifier(callee)) {
    if (!ts.isPropertyAccessExpression(callee) && !ts.isCallExpression(callee)) return null;
    callee = callee.expression;
  }
  const [title] = call.arguments;
  return ['describe', 'it', 'test'].includes(callee.text) && ts.isStringLiteralLike(title) ? title.text : null;
}

/** Every test of a file that names something of the protocol. */
function tagged(file) {
  const text = read(file);
  const found = [];
  const visit = (node, titles) => {
    const call = ts.isExpressionStatement(node) && ts.isCallExpression(node.expression) ? node.expression : null;
    const title = call === null ? null : titleOf(call);
    const path = title === null ? titles : [...titles, title];
    if (title !== null) found.push(...tagsAbove(text, node).map((name) => ({ name, file, path: path.join(' › ') })));
    ts.forEachChild(node, (child) => visit(child, path));
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true), []);
  return found;
}

function tagsAbove(text, node) {
  const comments = ts.getLeadingCommentRanges(text, node.getFullStart()) ?? [];
  return comments.flatMap(({ pos, end }) => namesIn(TAG.exec(text.slice(pos, end))?.[1] ?? ''));
}

function listOf(tests) {
  return tests.map(({ file, path }) => `- [${file}](../${file}): \`${path}\``).join('\n');
}

const known = new Set([...read(DOCUMENT).matchAll(NAME)].map(([, invariant, row]) => invariant ?? row));
const files = ROOMS.flatMap(filesBelow);
const tests = files.filter((file) => file.endsWith('.test.ts')).flatMap(tagged);

/** What becomes of the engine without its guards, as `npm run simulate:guards` has measured it. */
function tableOfGuards() {
  const rows = JSON.parse(read('spec/guards.json')).map(({ guards, contract = '', remark = '', measured }) => {
    const names = guards.map((name) => `\`${name}\``).join(' and ');
    const { missedAfter, tried, promise } = measured ?? {};
    const seeds = measured === undefined ? '–' : (missedAfter ?? `not in ${tried}`);
    return `| ${names} | ${contract} | ${seeds} | ${promise ?? ''} | ${remark} |`;
  });
  return [
    '| without | case of a contract that fails | seeds | breaks | |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}

/** The list of one name, or of all rows of a table. */
function contentOf(section) {
  if (section === 'guards') return tableOfGuards();
  const [, wanted] = /^tests of (.+)$/.exec(section) ?? [];
  if (wanted === undefined) return null;
  const names = namesIn(wanted);
  if (names.length === 1) return listOf(tests.filter(({ name }) => name === names[0]));
  return names.map((name) => `**${name}**\n\n${listOf(tests.filter((test) => test.name === name))}`).join('\n\n');
}

function problemsOf(file) {
  const text = read(file);
  const cited = [...text.matchAll(CITATION)].flatMap(([, names]) => namesIn(names));
  const tags = [...text.matchAll(/\/\/ Protocol: (.+)$/gm)].flatMap(([, names]) => namesIn(names)).length;
  const stray = file.endsWith('.test.ts') && tags !== tests.filter((test) => test.file === file).length;
  return [
    ...cited.filter((name) => !known.has(name)).map((name) => `${file} cites ${name}, which ${DOCUMENT} does not have`),
    ...[...text.matchAll(ELSEWHERE)].map(([words]) => `${file} cites what is not in ${DOCUMENT}: ${words}`),
    ...(stray ? [`${file} has a line "// Protocol: …" that stands above no test`] : []),
  ];
}

const named = new Set(
  [...read(DOCUMENT).matchAll(/<!-- generated: tests of (.+?) -->/g)].flatMap(([, n]) => namesIn(n)),
);

report([
  ...tests.filter(({ name }) => !known.has(name)).map(({ name, file }) => `${file} names ${name}, which is not there`),
  ...[...known].filter((name) => !tests.some((test) => test.name === name)).map((name) => `${name} has no test`),
  ...[...known].filter((name) => !named.has(name)).map((name) => `${name} does not name its tests in ${DOCUMENT}`),
  ...files.flatMap(problemsOf),
  ...(await holdSections(DOCUMENT, contentOf)),
]);
