/**
 * `npm run test:crash`: processes are killed and frozen at every point of a run; ends with the matrix of what was found.
 * `EDEN_CRASH_PARTICIPANTS=n` asks for another number of databases (default 4).
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installAndBuild } from './prepare.mjs';
import { readReport, runJest } from './run-jest.mjs';

/** As tests/crash/crash-cluster.ts sets it. */
const LEASE_MS = 1_500;
const KINDS = { SIGKILL: 'kill -9', SIGSTOP: 'freeze' };

function runTests(reportFile) {
  const args = ['--selectProjects', 'crash', '--', ...process.argv.slice(2)];
  return runJest(args, { env: { EDEN_CRASH_PARTICIPANTS: '4', ...process.env, EDEN_CRASH_REPORT: reportFile } });
}

/** Points down, kinds of fault and participants across; each cell is the recovery's time, or what went wrong. */
function printMatrix(report) {
  const column = ({ kind, participant }) => `${KINDS[kind]}${participant === undefined ? '' : ` #${participant}`}`;
  const rows = {};
  for (const line of report) (rows[line.point] ??= {})[column(line)] = cellOf(line);
  console.table(rows);
  const sum = (value) => report.reduce((total, line) => total + value(line), 0);
  console.log(`faults: ${report.length}`);
  console.log(`torn states: ${sum(({ torn }) => torn)}`);
  console.log(`lost or doubled runs: ${sum(({ off }) => Math.abs(off))}`);
  const ofTwo = ({ point }) => point.includes(', then ');
  const kill = report.filter((line) => line.kind === 'SIGKILL' && !ofTwo(line));
  console.log(`longest recovery from kill -9: ${longest(kill)} ms (lease + 1 s: ${LEASE_MS + 1_000} ms)`);
  console.log(`longest recovery from a freeze: ${longest(report.filter(({ kind }) => kind === 'SIGSTOP'))} ms`);
  console.log(`longest recovery when the one that recovers falls as well: ${longest(report.filter(ofTwo))} ms`);
}

function longest(report) {
  return Math.max(0, ...report.map(({ recoveryMs }) => recoveryMs));
}

function cellOf({ torn, off, recoveryMs, state }) {
  if (torn > 0) return `${torn} torn`;
  return off === 0 ? `${state} ${recoveryMs} ms` : off > 0 ? 'doubled' : 'lost';
}

const folder = mkdtempSync(join(tmpdir(), 'eden-crash-'));
const reportFile = join(folder, 'report.jsonl');
process.exitCode = (await installAndBuild()) ? await runTests(reportFile) : 1;
printMatrix(readReport(reportFile));
rmSync(folder, { recursive: true });
