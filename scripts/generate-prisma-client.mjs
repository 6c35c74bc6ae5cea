/**
 * Generates the Prisma client below packages/database/src/generated from prisma/schema.prisma; does nothing when it is
 * up to date. `prisma generate` wants an engine binary that it never runs and may not be able to download: any
 * executable satisfies it, so it gets this Node.
 */
import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const schema = join(root, 'prisma/schema.prisma');
const output = join(root, 'packages/database/src/generated');
const stamp = join(output, '.schema.sha256');
const prisma = createRequire(import.meta.url).resolve('prisma/package.json');

function fingerprint() {
  const version = JSON.parse(readFileSync(prisma, 'utf8')).version;
  return createHash('sha256').update(`${version}\n`).update(readFileSync(schema)).digest('hex');
}

function isUpToDate(expected) {
  return existsSync(stamp) && existsSync(join(output, 'client.ts')) && readFileSync(stamp, 'utf8') === expected;
}

function generate() {
  execFileSync(process.execPath, [join(dirname(prisma), 'build/index.js'), 'generate', '--schema', schema], {
    cwd: root,
    // Silent unless it fails: then execFileSync throws with what was written.
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
      PRISMA_HIDE_UPDATE_MESSAGE: '1',
      CHECKPOINT_DISABLE: '1',
    },
  });
}

const expected = fingerprint();
if (!isUpToDate(expected)) {
  generate();
  // Renamed into place, so that a run that was killed half way never looks finished.
  writeFileSync(`${stamp}.new`, expected);
  renameSync(`${stamp}.new`, stamp);
}
