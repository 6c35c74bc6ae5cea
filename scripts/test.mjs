/** `npm test`: installs, builds, runs Jest with the arguments given, and ends with one line of totals. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './ensure-installed.mjs';
import { installAndBuild } from './prepare.mjs';

const NODE_FLAGS = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];

async function runJest(given, totalsFile) {
  const jest = createRequire(import.meta.url).resolve('jest/bin/jest');
  const child = spawn(process.execPath, [...NODE_FLAGS, jest, ...given], {
    cwd: ROOT,
    env: { ...process.env, EDEN_TOTALS_FILE: totalsFile },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const [exitCode] = await once(child, 'close');
  return exitCode ?? 1;
}

/** A run that fails as a whole (the build is broken, a server did not start, something leaked) counts as one failure. */
function totalsLine(totalsFile, exitCode) {
  const { passed, failed, skipped } = readTotals(totalsFile);
  const failures = failed === 0 && exitCode !== 0 ? 1 : failed;
  return `${passed} passed, ${failures} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

function readTotals(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return { passed: 0, failed: 0, skipped: 0 };
  }
}

const folder = mkdtempSync(join(tmpdir(), 'eden-totals-'));
const totalsFile = join(folder, 'totals.json');
process.exitCode = (await installAndBuild()) ? await runJest(process.argv.slice(2), totalsFile) : 1;
console.log(totalsLine(totalsFile, process.exitCode));
rmSync(folder, { recursive: true });
