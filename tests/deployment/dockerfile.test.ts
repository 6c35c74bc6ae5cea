import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Copy, Stage } from './dockerfile.js';
import { buildStages } from './dockerfile.js';
import { IMAGE_NAMES } from './environment.js';
import { readDockerignore } from './image-builder.js';
import { REPOSITORY, readProjectFile } from './repository.js';

const text = readProjectFile('docker/Dockerfile');
const stages = buildStages(text);

function stage(name: string): Stage {
  const found = stages.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`no stage ${name}`);
  return found;
}

function copies({ steps }: Stage): Copy[] {
  return steps.filter((step) => step.kind === 'COPY');
}

describe('docker/Dockerfile', () => {
  test('makes every stage from the pinned base or from an earlier stage', () => {
    stages.forEach(({ base, steps }, index) => {
      const earlier = stages.slice(0, index).map(({ name }) => name);
      expect(['${NODE_IMAGE}', ...earlier]).toContain(base);
      for (const step of steps) if (step.kind === 'COPY') expect([undefined, ...earlier]).toContain(step.from);
    });
    expect(text).toMatch(/^ARG NODE_IMAGE=node:24-slim$/m);
  });

  test('copies from the context only what is in the repository', () => {
    const sources = stages
      .flatMap(copies)
      .filter(({ from }) => from === undefined)
      .flatMap((copy) => copy.sources);
    const isIgnored = readDockerignore(readProjectFile('.dockerignore'));
    for (const source of sources)
      expect({ source, found: existsSync(join(REPOSITORY, source)) && !isIgnored(source) }).toEqual({
        source,
        found: true,
      });
  });

  test.each(IMAGE_NAMES)('%s runs Node itself as a numeric user that is not root', (name) => {
    const early = name === 'db-deploy' ? [] : ['--import', './early-stop.mjs'];
    expect(stage(name)).toMatchObject({ user: '1000:1000', stopSignal: 'SIGTERM', entrypoint: ['node', ...early] });
  });

  test.each(IMAGE_NAMES)('%s starts a file that the build makes of a source', (name) => {
    const path = stage(name).command?.at(-1) ?? '';
    const source = path.replace('/dist/', '/src/').replace(/\.js$/, '.ts');
    expect({ source, found: existsSync(join(REPOSITORY, source)) }).toEqual({ source, found: true });
  });

  test('eden is its own entry point, as a user that is not root, with the program that the package names', () => {
    const { bin } = JSON.parse(readProjectFile('packages/cli/package.json')) as { bin: { eden: string } };
    const program = join('/app/packages/cli', bin.eden);
    expect(stage('eden')).toMatchObject({ user: '1000:1000', entrypoint: ['node', program], healthcheck: undefined });
  });

  test('the commands are those of the npm scripts', () => {
    const { scripts } = JSON.parse(readProjectFile('package.json')) as { scripts: Record<string, string> };
    const commands = IMAGE_NAMES.map((name) => ['node', ...(stage(name).command ?? [])].join(' '));
    expect(commands).toEqual(
      ['start:gateway', 'start:worker', 'db:deploy', 'start:operator'].map((name) => scripts[name]),
    );
  });

  test('the listeners are exposed and asked for their health', () => {
    expect(stage('gateway')).toMatchObject({ port: '8000', healthcheck: ['node', 'healthcheck.mjs', 'PORT', '8000'] });
    for (const name of ['worker', 'operator'] as const)
      expect(stage(name)).toMatchObject({
        port: '9464',
        healthcheck: ['node', 'healthcheck.mjs', 'METRICS_PORT', '9464'],
      });
    expect(stage('db-deploy').healthcheck).toBeUndefined();
  });

  test.each(['CMD node main.js', 'ENTRYPOINT npm start'])('the check notices the shell form: %s', (instruction) => {
    expect(() => buildStages(`FROM node:24-slim AS image\n${instruction}\n`)).toThrow();
  });
});

describe('docker/early-stop.mjs', () => {
  /** What becomes of a process that gets SIGTERM when it says so. */
  async function stopped(program: string): Promise<unknown> {
    const early = join(REPOSITORY, 'docker/early-stop.mjs');
    const child = spawn(process.execPath, ['--import', early, '--input-type=module', '-e', program]);
    await once(child.stdout, 'data');
    child.kill('SIGTERM');
    const [code] = (await once(child, 'exit')) as unknown[];
    return code;
  }

  test('ends a process that does not listen yet', async () => {
    expect(await stopped("console.log('up'); setInterval(() => undefined, 1000);")).toBe(143);
  });

  test('leaves one that listens to itself', async () => {
    const listens = "process.on('SIGTERM', () => setTimeout(() => process.exit(7), 100));";
    expect(await stopped(`${listens} console.log('up'); setInterval(() => undefined, 1000);`)).toBe(7);
  });
});

describe('docker/healthcheck.mjs', () => {
  let server: Server;
  let status = 200;
  const asked: (string | undefined)[] = [];

  beforeAll(async () => {
    server = createServer((request, response) => {
      asked.push(request.url);
      response.writeHead(status).end();
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
  });

  afterAll(() => {
    server.close();
  });

  async function check(environment: Record<string, string>, ...parameters: string[]): Promise<unknown> {
    const script = join(REPOSITORY, 'docker/healthcheck.mjs');
    const [code] = (await once(
      spawn(process.execPath, [script, ...parameters], { env: environment }),
      'exit',
    )) as unknown[];
    return code;
  }

  function port(): string {
    return String((server.address() as AddressInfo).port);
  }

  test('succeeds while /healthz answers 200, on the port of the variable or else the default', async () => {
    status = 200;
    expect(await check({ PORT: port() }, 'PORT', '1')).toBe(0);
    expect(await check({}, 'PORT', port())).toBe(0);
    expect(new Set(asked)).toEqual(new Set(['/healthz']));
  });

  test('fails when it answers 503 or nobody listens', async () => {
    status = 503;
    expect(await check({}, 'PORT', port())).toBe(1);
    expect(await check({}, 'PORT', '1')).toBe(1);
  });
});
