/** `npm test`: installs, builds, runs Jest with the arguments given, and ends with the suites that left tests out and one line of totals. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installAndBuild } from './prepare.mjs';
import { runJest } from './run-jest.mjs';

/** A run that fails as a whole (the build is broken, a server did not start, something leaked) counts as one failure. */
function totalsLine(totalsFile, exitCode) {
  const { passed, failed, skipped, skippedIn } = readTotals(totalsFile);
  const failures = failed === 0 && exitCode !== 0 ? 1 : failed;
  const totals = `${passed} passed, ${failures} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
  return [...skippedIn.map((file) => `skipped: ${file}`), totals].join('\n');
}

function readTotals(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return { passed: 0, failed: 0, skipped: 0, skippedIn: [] };
  }
}

const folder = mkdtempSync(join(tmpdir(), 'eden-totals-'));
const totalsFile = join(folder, 'totals.json');
const env = { ...process.env, EDEN_TOTALS_FILE: totalsFile };
process.exitCode = (await installAndBuild()) ? await runJest(process.argv.slice(2), { env }) : 1;
console.log(totalsLine(totalsFile, process.exitCode));
rmSync(folder, { recursive: true });
