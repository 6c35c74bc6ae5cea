import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { buildStages } from './dockerfile.js';
import type { ProcessName } from './environment.js';
import { PROCESS_NAMES } from './environment.js';
import type { Image } from './image-builder.js';
import { BuildError, ImageBuilder, readDockerignore } from './image-builder.js';
import { note, readProjectFile } from './repository.js';

/** npm installs the project four times over, from its cache. */
const BUILD_TIMEOUT_MS = 900_000;

const stages = buildStages(readProjectFile('docker/Dockerfile'));
const builder = new ImageBuilder(stages);
const images = new Map<ProcessName, Image>();

interface Lock {
  readonly packages: Readonly<Record<string, { readonly version?: string; readonly integrity?: string }>>;
}

beforeAll(() => {
  try {
    for (const name of PROCESS_NAMES) images.set(name, builder.build(name));
  } catch (error) {
    if (!(error instanceof BuildError && error.isOffline)) throw error;
    images.clear();
    note("npm's cache lacks packages and the registry cannot be reached, so the images' builds were not tried.");
  }
}, BUILD_TIMEOUT_MS);

afterAll(() => {
  builder.remove();
});

function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

function lockOf(text: string): Lock['packages'] {
  return (JSON.parse(text) as Lock).packages;
}

describe.each(PROCESS_NAMES)('the image of %s', (name) => {
  const command = stages.find((stage) => stage.name === name)?.command ?? [];

  test('holds all that its process imports: it gets as far as asking for its environment', () => {
    const image = images.get(name);
    if (image === undefined) return;
    const { status, stdout, stderr } = spawnSync(process.execPath, [...command], {
      cwd: image.folder,
      env: { ...image.variables },
      encoding: 'utf8',
    });
    expect(`${stdout}${stderr}`).toContain('DATABASE_URL is missing');
    expect(status).toBeGreaterThan(0);
  });

  test('holds no tools of development, no sources and no tests', () => {
    const image = images.get(name);
    if (image === undefined) return;
    const installed = readdirSync(join(image.folder, 'node_modules'));
    for (const tool of ['typescript', 'prisma', 'jest', 'eslint']) expect(installed).not.toContain(tool);
    const files = ['packages', 'services'].flatMap((folder) => filesBelow(join(image.folder, folder)));
    expect(files.filter((path) => /\.ts$|\.map$|\.test\.|tsbuildinfo$/.test(path))).toEqual([]);
  });

  test('holds the versions of the lock file', () => {
    const image = images.get(name);
    if (image === undefined) return;
    const locked = lockOf(readProjectFile('package-lock.json'));
    const installed = lockOf(readFileSync(join(image.folder, 'node_modules/.package-lock.json'), 'utf8'));
    const external = Object.entries(installed).filter(([, { integrity }]) => integrity !== undefined);
    expect(external.length).toBeGreaterThan(20);
    for (const [path, { version, integrity }] of external) expect(locked[path]).toMatchObject({ version, integrity });
  });

  test('holds the scripts that its packages read at run time', () => {
    const image = images.get(name);
    if (image === undefined) return;
    expect(filesBelow(join(image.folder, 'packages/locking/lua')).length).toBeGreaterThan(0);
    expect(existsSync(join(image.folder, 'prisma/schema.prisma'))).toBe(name === 'db-deploy');
    expect(existsSync(join(image.folder, 'healthcheck.mjs'))).toBe(true);
  });
});

describe('.dockerignore', () => {
  const isIgnored = readDockerignore(readProjectFile('.dockerignore'));

  test.each([
    '.git/HEAD',
    '.env',
    'docker/.env',
    'node_modules/pg/index.js',
    'packages/domain/dist/index.js',
    'tests/flow/a.ts',
  ])('keeps %s out of the build', (path) => {
    expect(isIgnored(path)).toBe(true);
  });

  test.each(['package.json', 'docker/healthcheck.mjs', 'packages/locking/lua/acquire.lua', 'prisma/schema.prisma'])(
    'lets %s in',
    (path) => {
      expect(isIgnored(path)).toBe(false);
    },
  );
});
