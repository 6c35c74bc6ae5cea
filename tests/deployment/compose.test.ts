import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { afterAll, describe, expect, test } from '@jest/globals';
import type { ComposeService } from './compose-file.js';
import { composeErrors, interpolatedVariables, readCompose } from './compose-file.js';
import { buildStages } from './dockerfile.js';
import { CONFIG_LOADERS, CONTRACT_VARIABLES, DRAIN_SECONDS, PROCESS_NAMES } from './environment.js';
import { REPOSITORY, note, projectVersion, readProjectFile } from './repository.js';

const SECRETS = '/var/lib/eden/secrets';
const ONE_SHOT = ['db-deploy', 'development-secrets'];

const isInstalled = spawnSync('docker', ['compose', 'version']).status === 0;
if (!isInstalled) note('Docker Compose is not installed, so docker-compose.yml is only checked against a schema.');
const testWithCompose = isInstalled ? test : test.skip;

const text = readProjectFile('docker-compose.yml');
const compose = readCompose();
const services = Object.entries(compose.services);

function service(name: string): ComposeService {
  const found = compose.services[name];
  if (found === undefined) throw new Error(`no service ${name}`);
  return found;
}

function names(holds: (service: ComposeService, name: string) => unknown): string[] {
  return services.filter(([name, candidate]) => holds(candidate, name)).map(([name]) => name);
}

describe('docker-compose.yml', () => {
  test('keeps the Compose Specification', () => {
    expect(composeErrors(text)).toEqual([]);
  });

  test.each([
    ['a misspelt field', ['healthcheck:', 'helthcheck:']],
    ['a wrong type', ['read_only: true', 'read_only: [true]']],
    ['an unknown condition', ['service_completed_successfully', 'service_done']],
  ] as const)('the check notices %s', (_name, [right, wrong]) => {
    expect(composeErrors(text.replaceAll(right, wrong))).not.toEqual([]);
  });

  testWithCompose('is read without complaint by Docker Compose', () => {
    const { status, stderr } = spawnSync('docker', ['compose', 'config', '--quiet'], {
      cwd: REPOSITORY,
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  test('every setting has the default that .env.example shows', () => {
    const example = parseEnv(readProjectFile('docker/.env.example'));
    expect(Object.fromEntries(interpolatedVariables(text))).toEqual({ ...example });
    expect(example['EDEN_VERSION']).toBe(projectVersion());
  });
});

describe('the stack', () => {
  test('has two gateways behind a load balancer, two workers and two target clusters', () => {
    expect(service('gateway').deploy.replicas).toBe(2);
    expect(service('worker').deploy.replicas).toBe(2);
    expect(service('load-balancer').depends_on).toEqual({ gateway: { condition: 'service_healthy' } });
    expect(names((_service, name) => name.startsWith('target-'))).toHaveLength(2);
  });

  test('publishes the load balancer only, and only on this host', () => {
    expect(names(({ ports }) => ports)).toEqual(['load-balancer']);
    expect(service('load-balancer').ports).toEqual(['127.0.0.1:8000:8000']);
  });

  test('ends gateways and workers that have hardly begun, by an init that hands SIGTERM on', () => {
    expect(names(({ init }) => init)).toEqual(['gateway', 'worker']);
  });

  test('starts gateways and workers after the deploy job has succeeded', () => {
    for (const name of ['gateway', 'worker']) {
      expect(service(name).depends_on?.['db-deploy']).toEqual({ condition: 'service_completed_successfully' });
    }
    expect(names(({ restart }) => restart === 'no')).toEqual(ONE_SHOT);
  });

  test('builds stages that the Dockerfile has', () => {
    const built = names(({ build }) => build).map((name) => [name, service(name).build?.target]);
    expect(built).toEqual(PROCESS_NAMES.map((name) => [name, name]));
    const stages = buildStages(readProjectFile('docker/Dockerfile')).map(({ name }) => name);
    expect(stages).toEqual(expect.arrayContaining([...PROCESS_NAMES]));
  });

  test('never pulls what it builds', () => {
    expect(names(({ pull_policy }) => pull_policy === 'build')).toEqual(names(({ build }) => build));
  });

  test('starts what the images start, with the secrets before it', () => {
    const stages = buildStages(readProjectFile('docker/Dockerfile'));
    for (const name of PROCESS_NAMES) {
      const command = stages.find((stage) => stage.name === name)?.command ?? [];
      expect(service(name).command).toEqual([`--env-file=${SECRETS}/eden.env`, ...command]);
      expect(service(name).entrypoint).toBeUndefined();
    }
  });

  test('names every image with a version', () => {
    for (const [, { image }] of services) expect(image).toMatch(/^[a-z0-9/-]+:\d[\w.-]*$/);
  });

  test('lets the targets prepare transactions', () => {
    for (const name of ['target-a', 'target-b']) {
      expect(service(name).command).toContain('max_prepared_transactions=64');
    }
  });

  test('has a Redis that keeps what it is given', () => {
    const lines = readProjectFile('docker/redis/redis.conf').split('\n');
    expect(lines).toEqual(expect.arrayContaining(['maxmemory-policy noeviction', 'appendonly yes']));
  });

  test('keeps databases that only the services use away from every other network', () => {
    expect(compose.networks['back']).toEqual({ internal: true });
    expect([service('control-db').networks, service('redis').networks]).toEqual([['back'], ['back']]);
    expect(names(({ networks }) => networks?.includes('front'))).toEqual(['load-balancer', 'gateway']);
  });
});

describe('every container', () => {
  test.each(services)('%s can do no more than it needs', (_name, { read_only, cap_drop, security_opt, deploy }) => {
    expect({ read_only, cap_drop, security_opt }).toEqual({
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
    });
    expect(Object.keys(deploy.resources.limits)).toEqual(['cpus', 'memory']);
  });

  test('reports its health: by its own check, or by that of the image built here', () => {
    const checked = buildStages(readProjectFile('docker/Dockerfile')).filter(
      ({ healthcheck }) => healthcheck !== undefined,
    );
    const ofImage = checked.map(({ name }) => name);
    expect(names(({ healthcheck }, name) => healthcheck === undefined && !ofImage.includes(name))).toEqual(ONE_SHOT);
  });

  test('of this project has time to drain', () => {
    for (const name of ['gateway', 'worker']) {
      expect(Number.parseInt(service(name).stop_grace_period ?? '0', 10)).toBeGreaterThan(DRAIN_SECONDS);
    }
  });

  test('finds the files, volumes and networks that it names', () => {
    const sources = services.flatMap(([, { volumes = [] }]) => volumes.map((volume) => volume.split(':', 1)[0] ?? ''));
    for (const source of new Set(sources)) {
      expect({
        source,
        found: source.startsWith('./') ? existsSync(join(REPOSITORY, source)) : source in compose.volumes,
      }).toEqual({
        source,
        found: true,
      });
    }
    for (const network of services.flatMap(([, { networks = [] }]) => networks)) {
      expect(Object.keys(compose.networks)).toContain(network);
    }
  });
});

describe('development secrets', () => {
  const folder = mkdtempSync(join(tmpdir(), 'eden-secrets-'));
  const script = join(REPOSITORY, 'docker/development-secrets.mjs');

  function run(command: string): string {
    const { status, stdout, stderr } = spawnSync(process.execPath, [script, command, folder], { encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
    return stdout;
  }

  function contents(): Record<string, string> {
    return Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
  }

  run('generate');
  const first = contents();
  const generated = parseEnv(first['eden.env'] ?? '');

  afterAll(() => rmSync(folder, { recursive: true }));

  test.each(PROCESS_NAMES)('%s starts with them and its settings, and knows every name', (name) => {
    const environment = { ...generated, ...service(name).environment };
    expect(() => CONFIG_LOADERS[name](environment)).not.toThrow();
    expect(Object.keys(environment).filter((variable) => !CONTRACT_VARIABLES.has(variable))).toEqual([]);
  });

  test('point at services of the stack, with the passwords that those are given', () => {
    const database = new URL(generated['DATABASE_URL'] ?? '');
    const control = service('control-db').environment;
    expect(service(database.hostname).networks).toContain('back');
    expect([database.username, database.pathname]).toEqual([
      control?.['APPLICATION_ROLE'],
      `/${control?.['APPLICATION_DATABASE']}`,
    ]);
    expect(control?.['APPLICATION_PASSWORD_FILE']).toBe(`${SECRETS}/control-password`);
    expect(first['control-password']).toBe(database.password);
    const redis = new URL(generated['REDIS_URL'] ?? '');
    expect(service(redis.hostname).networks).toContain('back');
    expect(first['redis-auth.conf']).toBe(`requirepass ${redis.password}\n`);
  });

  test('stay as they are when the stack starts again', () => {
    run('generate');
    expect(contents()).toEqual(first);
  });

  test('are readable by their group only', () => {
    for (const name of Object.keys(first)) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o440);
  });

  test('are shown as far as a user needs them', () => {
    const shown = run('show');
    expect(shown).toContain(`NEW_ORG_TOKEN=${generated['NEW_ORG_TOKEN']}`);
    expect(shown).toContain(`postgresql://customers:${first['target-password']}@target-a:5432/customers`);
    expect(shown).not.toContain(generated['JWT_SECRET']);
    expect(shown).not.toContain(generated['ENCRYPTION_KEY']);
  });

  test('are mounted wherever a command or a setting reads them', () => {
    const readers = names((candidate) => JSON.stringify([candidate.command, candidate.environment]).includes(SECRETS));
    const mounted = names(({ volumes = [] }) => volumes.some((volume) => volume.startsWith(`secrets:${SECRETS}`)));
    expect(mounted).toEqual(expect.arrayContaining(readers));
    expect(mounted).toContain('redis');
  });
});
