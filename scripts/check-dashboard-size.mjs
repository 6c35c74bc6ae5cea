/**
 * `node scripts/check-dashboard-size.mjs`: what a browser has to fetch before it shows the first page is at most 250 KB gzipped. Builds the
 * dashboard first, which takes a second.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { ROOT } from './ensure-installed.mjs';

const LARGEST_BYTES = 250 * 1024;
const PAGES = join(ROOT, 'services', 'dashboard', 'dist', 'pages');
const FIRST_PAGE = 'src/pages/releases/releases-page.tsx';

/** The files of an entry and of all that it imports before it runs. */
function filesOf(manifest, name, seen = new Set()) {
  const entry = manifest[name];
  if (entry === undefined) throw new Error(`the build has no ${name}`);
  for (const file of [entry.file, ...(entry.css ?? []), ...(entry.assets ?? [])]) seen.add(file);
  for (const imported of entry.imports ?? []) if (!seen.has(manifest[imported].file)) filesOf(manifest, imported, seen);
  return seen;
}

const { status } = spawnSync('npm', ['run', '-s', 'build', '-w', '@eden/dashboard'], { cwd: ROOT, stdio: 'inherit' });
const manifest = JSON.parse(readFileSync(join(PAGES, '.vite', 'manifest.json'), 'utf8'));
const files = new Set([...filesOf(manifest, 'index.html'), ...filesOf(manifest, FIRST_PAGE)]);
const bytes = [...files].reduce((sum, file) => sum + gzipSync(readFileSync(join(PAGES, file))).length, 0);
if (status !== 0) process.exitCode = 1;
if (bytes > LARGEST_BYTES) {
  console.error(`The first page of the dashboard takes ${bytes} bytes gzipped; at most ${LARGEST_BYTES} are allowed.`);
  process.exitCode = 1;
} else if (process.argv.includes('--say')) console.log(`${bytes} bytes of ${LARGEST_BYTES}`);
