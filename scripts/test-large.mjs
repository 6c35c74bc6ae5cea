/** `npm run test:large`: what is as large as it may be, with the time and the memory that each step takes of gateway and worker. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installAndBuild } from './prepare.mjs';
import { readReport, runJest } from './run-jest.mjs';

const folder = mkdtempSync(join(tmpdir(), 'eden-large-'));
const reportFile = join(folder, 'report.jsonl');
const args = ['--selectProjects', 'large', '--', ...process.argv.slice(2)];
const env = { ...process.env, EDEN_LARGE_REPORT: reportFile };
process.exitCode = (await installAndBuild()) ? await runJest(args, { env }) : 1;
const figures = readReport(reportFile);
console.table(Object.fromEntries(figures.map(({ what, ...figure }) => [what, figure])));
rmSync(folder, { recursive: true });
