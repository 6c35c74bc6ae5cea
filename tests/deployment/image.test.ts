import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { buildStages } from './dockerfile.js';
import type { ProcessName } from './environment.js';
import { PROCESS_NAMES } from './environment.js';
import type { Image } from './image-builder.js';
import { BuildError, ImageBuilder, readDockerignore } from './image-builder.js';
import { note, readProjectFile } from './repository.js';

const stages = buildStages(readProjectFile('docker/Dockerfile'));
const builder = new ImageBuilder(stages);

interface Lock {
  readonly packages: Readonly<Record<string, { readonly version?: string; readonly integrity?: string }>>;
}

/** npm installs the project four times over, from its cache: a minute on two idle cores, too long for every `npm test`. */
const isWanted = Boolean(process.env['EDEN_TEST_IMAGES']);

function buildImages(): ReadonlyMap<ProcessName, Image> {
  try {
    return new Map(PROCESS_NAMES.map((name) => [name, builder.build(name)]));
  } catch (error) {
    builder.remove();
    if (!(error instanceof BuildError && error.isOffline)) throw error;
    note("npm's cache lacks packages and the registry cannot be reached, so the images' builds were not tried.");
    return new Map();
  }
}

if (!isWanted) note("`npm run test:images` carries out the images' builds as well; CI always does.");
const images = isWanted ? buildImages() : new Map<ProcessName, Image>();
const testBuilt = images.size > 0 ? test : test.skip;

function built(name: ProcessName): Image {
  const image = images.get(name);
  if (image === undefined) throw new Error(`${name} was not built`);
  return image;
}

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

  testBuilt('holds all that its process imports: it gets as far as asking for its environment', () => {
    const image = built(name);
    const { status, stdout, stderr } = spawnSync(process.execPath, [...command], {
      cwd: image.folder,
      env: { ...image.variables },
      encoding: 'utf8',
    });
    expect(`${stdout}${stderr}`).toContain('DATABASE_URL is missing');
    expect(status).toBeGreaterThan(0);
  });

  testBuilt('holds no tools of development, no sources and no tests', () => {
    const image = built(name);
    const installed = readdirSync(join(image.folder, 'node_modules'));
    for (const tool of ['typescript', 'prisma', 'jest', 'eslint']) expect(installed).not.toContain(tool);
    const files = ['packages', 'services'].flatMap((folder) => filesBelow(join(image.folder, folder)));
    expect(files.filter((path) => /\.ts$|\.map$|\.test\.|tsbuildinfo$/.test(path))).toEqual([]);
  });

  testBuilt('holds the versions of the lock file', () => {
    const image = built(name);
    const locked = lockOf(readProjectFile('package-lock.json'));
    const installed = lockOf(readFileSync(join(image.folder, 'node_modules/.package-lock.json'), 'utf8'));
    const external = Object.entries(installed).filter(([, { integrity }]) => integrity !== undefined);
    expect(external.length).toBeGreaterThan(20);
    for (const [path, { version, integrity }] of external) expect(locked[path]).toMatchObject({ version, integrity });
  });

  testBuilt('holds the scripts that its packages read at run time', () => {
    const image = built(name);
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
