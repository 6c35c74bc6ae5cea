import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const ROOT = join(import.meta.dirname, '..');

/**
 * Installs exactly what package-lock.json says, unless that is what lies in node_modules already.
 * Returns whether it is there now; npm has printed why not.
 */
export function ensureInstalled() {
  if (isInstalled()) return true;
  console.log('Installing packages (npm ci)');
  // Prisma would fetch an engine that nothing here uses; any executable keeps it from that.
  const env = { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath };
  const { status } = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: ROOT,
    env,
    stdio: ['ignore', 2, 2],
  });
  return status === 0;
}

/** npm keeps a lock of what it has really installed; packages for other platforms are missing there. */
function isInstalled() {
  const installedLock = join(ROOT, 'node_modules', '.package-lock.json');
  if (!existsSync(installedLock)) return false;
  const installed = packagesOf(installedLock);
  const wanted = Object.entries(packagesOf(join(ROOT, 'package-lock.json')));
  return wanted
    .filter(([path, { optional, peer }]) => path.includes('node_modules/') && !optional && !peer)
    .every(([path, { version, link }]) => installed[path]?.version === version && installed[path]?.link === link);
}

function packagesOf(lockFile) {
  return JSON.parse(readFileSync(lockFile, 'utf8')).packages;
}
