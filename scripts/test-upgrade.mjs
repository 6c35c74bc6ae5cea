/**
 * `npm run test:upgrade [-- --from COMMIT]`: gateways and workers of an earlier commit beside those of this one, over the
 * schema of this one. The commit is the one in tests/upgrade/earlier-version.json.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { earlierVersion } from './earlier-version.mjs';
import { installAndBuild } from './prepare.mjs';
import { readReport, runJest } from './run-jest.mjs';

const { values, positionals } = parseArgs({ options: { from: { type: 'string' } }, allowPositionals: true });

function printReport(report) {
  for (const { gateway, executions, refused, torn, runs } of report)
    console.log(
      `gateway of ${gateway} version: ${executions} executions, ${refused} refused, ${torn} torn; ${runs} runs`,
    );
}

async function run(reportFile) {
  const { commit, folder } = await earlierVersion(values.from);
  console.log(`earlier version: ${commit}`);
  const env = { ...process.env, EDEN_EARLIER_VERSION: folder, EDEN_UPGRADE_REPORT: reportFile };
  return runJest(['--selectProjects', 'upgrade', ...positionals], { env });
}

const reports = mkdtempSync(join(tmpdir(), 'eden-upgrade-'));
const reportFile = join(reports, 'report.jsonl');
try {
  process.exitCode = (await installAndBuild()) ? await run(reportFile) : 1;
  printReport(readReport(reportFile));
} catch (error) {
  console.error(`test:upgrade: ${error.message}`);
  process.exitCode = 1;
} finally {
  rmSync(reports, { recursive: true });
}
