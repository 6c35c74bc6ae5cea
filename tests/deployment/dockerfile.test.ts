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
import { PROCESS_NAMES } from './environment.js';
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
    expect(text).toMatch(/^ARG NODE_IMAGE=node:20-slim$/m);
  });

  test('copies from the context only what is in the repository', () => {
    const sources = stages
      .flatMap(copies)
      .filter(({ from }) => from === undefined)
      .flatMap((copy) => copy.sources);
    for (const source of sources)
      expect({ source, found: existsSync(join(REPOSITORY, source)) }).toEqual({ source, found: true });
  });

  test.each(PROCESS_NAMES)('%s runs Node itself as a numeric user that is not root', (name) => {
    expect(stage(name)).toMatchObject({ user: '1000:1000', stopSignal: 'SIGTERM', entrypoint: ['node'] });
  });

  test.each(PROCESS_NAMES)('%s starts a file that the build makes of a source', (name) => {
    const path = stage(name).command?.at(-1) ?? '';
    const source = path.replace('/dist/', '/src/').replace(/\.js$/, '.ts');
    expect({ source, found: existsSync(join(REPOSITORY, source)) }).toEqual({ source, found: true });
  });

  test('the commands are those of the npm scripts', () => {
    const { scripts } = JSON.parse(readProjectFile('package.json')) as { scripts: Record<string, string> };
    const commands = PROCESS_NAMES.map((name) => ['node', ...(stage(name).command ?? [])].join(' '));
    expect(commands).toEqual([scripts['start:gateway'], scripts['start:worker'], scripts['db:deploy']]);
  });

  test('the listeners are exposed and asked for their health', () => {
    expect(stage('gateway')).toMatchObject({ port: '8000', healthcheck: ['node', 'healthcheck.mjs', 'PORT', '8000'] });
    expect(stage('worker')).toMatchObject({
      port: '9464',
      healthcheck: ['node', 'healthcheck.mjs', 'METRICS_PORT', '9464'],
    });
    expect(stage('db-deploy').healthcheck).toBeUndefined();
  });

  test.each(['CMD node main.js', 'ENTRYPOINT npm start'])('the check notices the shell form: %s', (instruction) => {
    expect(() => buildStages(`FROM node:20-slim AS image\n${instruction}\n`)).toThrow();
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
