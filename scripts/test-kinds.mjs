/** `npm run test:kinds`: the conformance suite over all kinds of targets, as a table of cases and kinds. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installAndBuild } from './prepare.mjs';
import { runJest } from './run-jest.mjs';

const SUITES = 'packages/targets/src/.+/conformance\\.integration\\.test\\.ts$';
const WORDS = { passed: 'ok', failed: 'FAILED', pending: 'not run' };
/** For a case that needs what the kind cannot do. */
const NOT_MEANT = '–';

function runSuites(reportFile) {
  const report = ['--verbose=false', '--json', '--outputFile', reportFile];
  const args = ['--selectProjects', 'integration', '--testPathPatterns', SUITES, ...report, ...process.argv.slice(2)];
  // The report goes to stdout as well.
  return runJest(args, { stdout: 'ignore' });
}

/** One entry for each case that was meant: of which kind, in which chapter, and how it went. */
function readResults(file) {
  const { testResults } = JSON.parse(readFileSync(file, 'utf8'));
  return testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .map(({ ancestorTitles: [kind, chapter], title, status }) => ({ kind, chapter, title, status }));
}

/** The chapters as they come, and in each its cases; all kinds together have run every case. */
function rowsByChapter(results) {
  const chapters = new Map();
  for (const { kind, chapter, title, status } of results) {
    if (!chapters.has(chapter)) chapters.set(chapter, new Map());
    const cases = chapters.get(chapter);
    cases.set(title, { ...cases.get(title), [kind]: WORDS[status] ?? status });
  }
  return chapters;
}

function printTable(results) {
  const kinds = [...new Set(results.map(({ kind }) => kind))];
  const totals = kinds.map((kind) => {
    const all = results.filter((each) => each.kind === kind);
    return `${all.filter(({ status }) => status === 'passed').length} of ${all.length}`;
  });
  const width = Math.max(0, ...results.map(({ title }) => title.length)) + 4;
  const widths = kinds.map((kind, at) => Math.max(kind.length, totals[at].length) + 2);
  const print = (text, cells) =>
    console.log([text.padEnd(width), ...cells.map((cell, at) => cell.padEnd(widths[at]))].join('').trimEnd());
  print('', kinds);
  for (const [chapter, cases] of rowsByChapter(results)) {
    console.log(chapter);
    for (const [title, cells] of cases)
      print(
        `  ${title}`,
        kinds.map((kind) => cells[kind] ?? NOT_MEANT),
      );
  }
  print('passed', totals);
  console.log(`${NOT_MEANT}: needs what the kind cannot do`);
}

const folder = mkdtempSync(join(tmpdir(), 'eden-kinds-'));
const reportFile = join(folder, 'report.json');
process.exitCode = (await installAndBuild()) ? await runSuites(reportFile) : 1;
if (existsSync(reportFile)) printTable(readResults(reportFile));
rmSync(folder, { recursive: true });
