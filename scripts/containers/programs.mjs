import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';

/** What each program comes from, on Debian. */
const PACKAGES = {
  dockerd: 'docker.io',
  docker: 'docker.io',
  'docker-compose': 'docker-compose',
  debootstrap: 'debootstrap',
  ip: 'iproute2',
  nsenter: 'util-linux',
  iptables: 'iptables',
};

function isThere(program) {
  try {
    execFileSync('sh', ['-c', 'command -v "$0"', program], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Why no engine can be run here, each with what to do; empty where it can. */
export function obstacles() {
  if (process.platform !== 'linux')
    return ['an engine of its own runs on Linux only: use your own, by "docker compose up"'];
  const found = [];
  if (process.getuid() !== 0) found.push('only root may start an engine: run it as root');
  const missing = Object.keys(PACKAGES).filter((program) => !isThere(program));
  const packages = [...new Set(missing.map((program) => PACKAGES[program]))];
  if (missing.length > 0)
    found.push(`${missing.join(', ')} missing: apt-get install --no-install-recommends ${packages.join(' ')}`);
  return found;
}

/** Runs a program to its end; what it says goes to the log. @throws Error with the end of what it said */
export async function run(command, args, { env = {}, input = 'ignore', cwd } = {}) {
  const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: [input, 'pipe', 'pipe'] });
  const [out, all] = [[], []];
  child.stdout.on('data', (chunk) => (out.push(chunk), all.push(chunk)));
  child.stderr.on('data', (chunk) => all.push(chunk));
  const [code] = await once(child, 'close');
  const text = Buffer.concat(out).toString();
  if (code === 0) return text;
  const said = Buffer.concat(all).toString().slice(-4000);
  throw new Error(`${command} ${args.slice(0, 6).join(' ')} … ended with ${code}:\n${said}`);
}

/** One line for a step, with its time. */
export async function step(name, work) {
  const start = performance.now();
  try {
    const result = await work();
    console.log(`ok   ${name} (${seconds(start)} s)`);
    return result;
  } catch (error) {
    console.log(`FAIL ${name} (${seconds(start)} s)`);
    throw error;
  }
}

function seconds(start) {
  return ((performance.now() - start) / 1000).toFixed(1);
}

/** From this major version on, Docker's client builds by a part of its own, which not every package brings. */
const FIRST_WITH_BUILDX = 23;

/** The first `docker` on PATH that can build: by BuildKit of its own, or with its buildx. */
export async function findDocker() {
  const found = (
    await run('sh', ['-c', 'IFS=:; for d in $PATH; do [ -x "$d/docker" ] && echo "$d/docker"; done; true'])
  ).split('\n');
  for (const docker of new Set(found.filter(Boolean))) if (await canBuild(docker)) return docker;
  throw new Error('no docker on PATH can build: install its buildx, or Debian’s docker.io');
}

async function canBuild(docker) {
  const version = await run(docker, ['--version']);
  if (Number(/version (\d+)/.exec(version)?.[1]) < FIRST_WITH_BUILDX) return true;
  return run(docker, ['buildx', 'version']).then(
    () => true,
    () => false,
  );
}
