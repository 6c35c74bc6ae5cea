/**
 * `npm run test:containers`: builds the images of docker/Dockerfile as it is, prints their sizes, brings docker-compose.yml up, runs
 * migrations through its load balancer while containers are killed and drained, and takes it down again; in an engine of its own,
 * in a network namespace of its own, on base images that are made here. `--keep` keeps the engine's data for the next time;
 * `--given-engine` takes the engine that `docker` talks to, which pulls the base images; `--build-only` stops before the stack.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { makeBaseImages } from './containers/base-images.mjs';
import { Engine, GIVEN_ENGINE, Namespace } from './containers/engine.mjs';
import { obstacles, step } from './containers/programs.mjs';
import { ROOT } from './ensure-installed.mjs';

const TARGETS = ['db-deploy', 'gateway', 'worker', 'operator', 'eden'];
const VERSION = '0.1.0';
const BASE = 'node:24-slim';
const BYTES_PER_MB = 1_000_000;

const { values } = parseArgs({
  options: {
    keep: { type: 'boolean', default: false },
    'build-only': { type: 'boolean', default: false },
    'given-engine': { type: 'boolean', default: false },
  },
});
const folder = join(ROOT, '.eden', 'containers');

/** In this machine's network, because packages are fetched. */
async function buildInOwnEngine() {
  const engine = await Engine.start(folder, { flags: ['--bridge=none', '--iptables=false'] });
  try {
    await makeBaseImages(engine);
    await buildImages(engine, ['--network', 'host']);
  } finally {
    await engine.stop();
  }
}

async function buildImages(engine, flags = []) {
  for (const target of TARGETS) await step(`image ${target}`, () => buildImage(engine, target, flags));
  await printSizes(engine);
}

function buildImage(engine, target, flags) {
  const file = ['--file', join('docker', 'Dockerfile'), '--target', target];
  return engine.docker(['build', ...flags, ...file, '--tag', nameOf(target), '.'], { cwd: ROOT });
}

function nameOf(target) {
  return `eden-migrations/${target}:${VERSION}`;
}

async function sizeOf(engine, image) {
  return Number(await engine.docker(['image', 'inspect', '--format', '{{.Size}}', image]));
}

async function printSizes(engine) {
  const base = await sizeOf(engine, BASE);
  for (const target of TARGETS) {
    const size = await sizeOf(engine, nameOf(target));
    console.log(`     ${target.padEnd(10)} ${megabytes(size - base)} MB of ours on a base of ${megabytes(base)} MB`);
  }
}

function megabytes(bytes) {
  return (bytes / BYTES_PER_MB).toFixed(0);
}

/** Bridges, rules and names stay in a network namespace, and so does whoever talks to the stack. */
async function runInOwnEngine() {
  const namespace = await Namespace.create(`eden-${process.pid}`);
  try {
    const engine = await Engine.start(folder, { prefix: namespace.prefix });
    try {
      await runStack(engine, namespace.prefix);
    } finally {
      await engine.stop();
    }
  } finally {
    await namespace.remove();
  }
}

async function runStack(engine, prefix = []) {
  const main = join(import.meta.dirname, 'containers', 'stack-main.mjs');
  const [command, ...args] = [...prefix, process.execPath, main];
  const child = spawn(command, args, { cwd: ROOT, env: { ...process.env, ...engine.env }, stdio: 'inherit' });
  const [code] = await once(child, 'close');
  if (code !== 0) process.exitCode = 1;
}

async function inOwnEngine() {
  await buildInOwnEngine();
  if (!values['build-only']) await runInOwnEngine();
}

async function inGivenEngine() {
  await buildImages(GIVEN_ENGINE);
  if (!values['build-only']) await runStack(GIVEN_ENGINE);
}

const reasons = values['given-engine'] ? [] : obstacles();
if (reasons.length > 0) {
  console.error('NO CONTAINERS ARE RUN HERE:');
  for (const reason of reasons) console.error(`  ${reason}`);
  process.exitCode = 1;
} else {
  mkdirSync(folder, { recursive: true });
  try {
    await (values['given-engine'] ? inGivenEngine() : inOwnEngine());
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  } finally {
    if (!values.keep) rmSync(folder, { recursive: true, force: true });
  }
}
