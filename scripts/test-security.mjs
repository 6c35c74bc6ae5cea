/**
 * `npm run test:security`: every suite below tests/security, in its long form, and a table of what was tried and what
 * got through. A suite reports each of its attempts (tests/security/report.ts).
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installAndBuild } from './prepare.mjs';
import { readReport, runJest } from './run-jest.mjs';

function runTests(reportFile) {
  const args = [...process.argv.slice(2), '--selectProjects', 'security'];
  return runJest(args, { env: { ...process.env, EDEN_SECURITY_REPORT: reportFile } });
}

/** Suites down; the part of a name before its colon is the phase or the place. */
function printTable(report) {
  const rows = {};
  for (const { suite, name, gotThrough } of report) {
    const row = (rows[`${suite}, ${name.split(':')[0]}`] ??= { tried: 0, 'got through': 0 });
    row.tried += 1;
    row['got through'] += Number(gotThrough);
  }
  console.table(rows);
  const through = report.filter(({ gotThrough }) => gotThrough);
  for (const { suite, name, outcome } of through) console.log(`got through: ${suite}, ${name}: ${outcome}`);
  console.log(`tried: ${report.length}`);
  console.log(`got through: ${through.length}`);
}

const folder = mkdtempSync(join(tmpdir(), 'eden-security-'));
const reportFile = join(folder, 'report.jsonl');
process.exitCode = (await installAndBuild()) ? await runTests(reportFile) : 1;
printTable(readReport(reportFile));
rmSync(folder, { recursive: true });
