/**
 * `npm run test:load-balancer`: three gateways behind nginx and behind HAProxy, with the configurations that are shipped; what
 * clients see of killed, restarted and frozen gateways and of a failover of the control database, as a table.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installAndBuild } from './prepare.mjs';
import { readReport, runJest } from './run-jest.mjs';

function runTests(reportFile) {
  const args = ['--selectProjects', 'load-balancer', ...process.argv.slice(2)];
  return runJest(args, { env: { ...process.env, EDEN_LOAD_BALANCER_REPORT: reportFile } });
}

const folder = mkdtempSync(join(tmpdir(), 'eden-load-balancer-'));
const reportFile = join(folder, 'report.jsonl');
process.exitCode = (await installAndBuild()) ? await runTests(reportFile) : 1;
for (const { balancer, fault, ...figures } of readReport(reportFile)) {
  console.log(`${balancer}, ${fault}`);
  console.log(`  ${figures.reads} reads, ${figures.failedReads} failed, longest ${figures.longestReadMs} ms`);
  console.log(
    `  ${figures.posts} POSTs without a key, none done twice; not answered with 200: ${JSON.stringify(figures.failedPosts)}`,
  );
  console.log(
    `  ${figures.keyed} POSTs with a key by the client, not done once: ${JSON.stringify(figures.failedKeyed)}`,
  );
  if (figures.streams > 0)
    console.log(`  ${figures.streams} streams of events, taken up again ${figures.resumed} times, none with a gap`);
}
rmSync(folder, { recursive: true });
