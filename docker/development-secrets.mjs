/**
 * Secrets of the Compose stack, for development: made once at random, kept in the volume `secrets`, removed with it.
 * In production they come from a secret store (see k8s/README.md).
 *
 *   development-secrets.mjs generate [folder]   writes what is not there yet; started by docker compose up
 *   development-secrets.mjs show [folder]       prints what a user needs to try the service
 *
 * Files belong to root, readable by one group each: the services' (1000) or the databases' (999 in their images).
 */
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';

const SERVICE_GROUP = 1000;
const DATABASE_GROUP = 999;
const MARKER = 'eden.env';

const [command = 'generate', folder = '/var/lib/eden/secrets'] = process.argv.slice(2);

/** Hexadecimal, so that it stands in URLs, SQL, configuration files and .env files without quoting. */
function randomPassword() {
  return randomBytes(24).toString('hex');
}

function write(name, content, group) {
  const path = join(folder, name);
  // Of a run that was killed: read-only, and root may not write it without the capability to override that.
  rmSync(`${path}.new`, { force: true });
  writeFileSync(`${path}.new`, content, { mode: 0o440 });
  if (process.getuid() === 0) chownSync(`${path}.new`, 0, group);
  renameSync(`${path}.new`, path);
}

function serviceEnvironment({ control, redis }) {
  return {
    DATABASE_URL: `postgresql://eden:${control}@control-db:5432/eden`,
    REDIS_URL: `redis://:${redis}@redis:6379/0`,
    JWT_SECRET: randomPassword(),
    NEW_ORG_TOKEN: randomPassword(),
    ENCRYPTION_KEY: randomBytes(32).toString('base64'),
    // `control-db` is the name of the database's host in every stack: this one tells the stacks apart.
    EDEN_INSTALLATION: `compose-${randomBytes(4).toString('hex')}`,
  };
}

function generate() {
  if (existsSync(join(folder, MARKER))) return;
  mkdirSync(folder, { recursive: true });
  const passwords = { superuser: randomPassword(), control: randomPassword(), target: randomPassword() };
  for (const [name, password] of Object.entries(passwords)) write(`${name}-password`, password, DATABASE_GROUP);
  const redis = randomPassword();
  write('redis-auth.conf', `requirepass ${redis}\n`, DATABASE_GROUP);
  const lines = Object.entries(serviceEnvironment({ ...passwords, redis })).map(
    ([name, value]) => `${name}=${value}\n`,
  );
  // Last, because it says that the others are complete.
  write(MARKER, lines.join(''), SERVICE_GROUP);
}

function show() {
  const { NEW_ORG_TOKEN } = parseEnv(readFileSync(join(folder, MARKER), 'utf8'));
  const target = readFileSync(join(folder, 'target-password'), 'utf8');
  console.log(`NEW_ORG_TOKEN=${NEW_ORG_TOKEN}`);
  for (const host of ['target-a', 'target-b']) {
    const config = { url: `postgresql://customers:${target}@${host}:5432/customers` };
    console.log(`POST /api/v1/endpoints ${JSON.stringify({ id: host, kind: 'Postgres', config })}`);
  }
}

const commands = { generate, show };
if (!Object.hasOwn(commands, command)) throw new Error(`unknown command ${command}: generate or show`);
commands[command]();
