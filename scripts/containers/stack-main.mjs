/** The stack of docker-compose.yml in the engine that DOCKER_HOST names: up, migrated, killed, drained, down. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { ROOT } from '../ensure-installed.mjs';
import { Api, Reads } from './api.mjs';
import { run, step } from './programs.mjs';

const PROJECT = 'eden-containers';
const ADDRESS = 'http://127.0.0.1:8000';
const READY_TIMEOUT_MS = 180_000;
/** Of the engine's, between SIGTERM and SIGKILL: longer than a drain. */
const STOP_SECONDS = '30';
/** The exit code of what a SIGKILL has ended. */
const KILLED = 137;
/** Of the end of what the containers have said. */
const LOG_CHARACTERS = 8000;

const OWN_FILE = join(ROOT, '.eden', 'containers', 'docker-compose.yml');

/** Compose 2 takes the file as it is. Compose 1.29, which Debian has, refuses two keys that Compose 2 knows. */
async function findCompose() {
  const project = ['--project-name', PROJECT, '--project-directory', ROOT, '--file'];
  const isSecond = await run('docker', ['compose', 'version']).then(
    () => true,
    () => false,
  );
  if (isSecond) return ['docker', 'compose', ...project, join(ROOT, 'docker-compose.yml')];
  const text = readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8');
  writeFileSync(OWN_FILE, text.replace(/^name: .*\n/m, '').replace(/^ *pull_policy: .*\n/gm, ''));
  return ['docker-compose', ...project, OWN_FILE];
}

const [program, ...project] = await findCompose();
const compose = (...args) => run(program, [...project, ...args], { cwd: ROOT });
const docker = (...args) => run('docker', args);

async function up() {
  await compose('up', '--detach', '--no-build');
  await until(async () => (await fetch(`${ADDRESS}/readyz`)).ok);
}

async function until(check) {
  const deadline = performance.now() + READY_TIMEOUT_MS;
  for (;;) {
    try {
      if (await check()) return;
    } catch {
      // Not yet.
    }
    if (performance.now() > deadline) throw new Error('not ready in time');
    await delay(500);
  }
}

async function containersOf(service) {
  return (await compose('ps', '--quiet', service)).split('\n').filter(Boolean);
}

/** As a crash of the process: the engine sees it end and starts another one, which is healthy after a while. */
async function killProcessOf(container) {
  const before = await stateOf(container);
  process.kill(Number(before.Pid), 'SIGKILL');
  await until(async () => {
    const now = await stateOf(container);
    return now.Pid !== before.Pid && now.Health?.Status === 'healthy';
  });
}

async function stateOf(container) {
  return JSON.parse(await docker('inspect', '--format', '{{json .State}}', container));
}

/** SIGTERM to one that has hardly begun: it has to end by itself, long before the engine kills it. */
async function stopEarly(container) {
  await docker('stop', '--time', STOP_SECONDS, container);
  await docker('start', container);
  const start = performance.now();
  await docker('stop', '--time', STOP_SECONDS, container);
  const { ExitCode: code } = await stateOf(container);
  if (code === KILLED) throw new Error(`was killed after ${Math.round(performance.now() - start)} ms`);
  await docker('start', container);
  await until(async () => (await stateOf(container)).Health?.Status === 'healthy');
}

/** SIGTERM, and what the process makes of it; then it is started again, until it is healthy. */
async function drain(container) {
  await docker('stop', '--time', STOP_SECONDS, container);
  const { ExitCode: code } = await stateOf(container);
  if (code !== 0) throw new Error(`ended with ${code} on SIGTERM`);
  await docker('start', container);
  await until(async () => (await stateOf(container)).Health?.Status === 'healthy');
}

/** Calls go on while something is done to the containers; none may fail. */
async function underReads(api, work) {
  const reads = new Reads(api);
  await work();
  await delay(1000);
  const { sent, failed } = await reads.stop();
  if (failed.length > 0)
    throw new Error(`${failed.length} of ${sent} reads failed: ${[...new Set(failed)].join(', ')}`);
  console.log(`     ${sent} reads through the load balancer, 0 failed`);
}

async function commandLine(api) {
  const answer = await docker(
    ...['run', '--rm', '--read-only', '--cap-drop=ALL', '--network', `${PROJECT}_front`],
    ...['--env', 'EDEN_URL=http://load-balancer:8000', '--env', `EDEN_TOKEN=${api.token}`],
    ...['eden-migrations/eden:0.1.0', 'migrations', 'list', '-o', 'name'],
  );
  if (!answer.includes('first')) throw new Error(`eden has answered:\n${answer}`);
}

async function main() {
  await step('docker-compose up', up);
  const secrets = await compose('run', '--rm', '-T', 'development-secrets', 'show');
  const api = await step('an organization, two endpoints', () => Api.begin(ADDRESS, secrets));
  await step('a migration over both databases', () => api.migrate('first'));
  await step('the command line from its image', () => commandLine(api));
  await step('kill -9 of a gateway and a worker in a migration', () =>
    underReads(api, async () => {
      const [[gateway], [worker]] = await Promise.all([containersOf('gateway'), containersOf('worker')]);
      const migration = api.migrate('second', 3);
      await Promise.all([killProcessOf(gateway), killProcessOf(worker)]);
      await migration;
    }),
  );
  await step('stop of a gateway and a worker that have hardly begun', async () => {
    const [[gateway], [worker]] = await Promise.all([containersOf('gateway'), containersOf('worker')]);
    for (const container of [gateway, worker]) await stopEarly(container);
  });
  await step('drain of each gateway and worker', () =>
    underReads(api, async () => {
      for (const service of ['gateway', 'worker'])
        for (const container of await containersOf(service)) await drain(container);
      await api.migrate('third');
    }),
  );
}

try {
  await main();
} catch (error) {
  console.log(await compose('ps'));
  for (const service of ['db-deploy', 'load-balancer', 'gateway', 'worker'])
    console.log((await compose('logs', '--no-color', '--tail=40', service)).slice(-LOG_CHARACTERS));
  throw error;
} finally {
  await step('docker-compose down', () => compose('down', '--volumes', '--timeout', STOP_SECONDS));
  rmSync(OWN_FILE, { force: true });
}
const left = (await docker('ps', '--all', '--quiet')).trim();
if (left !== '') throw new Error(`containers are left: ${left}`);
