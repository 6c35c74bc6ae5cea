import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { ApiClient, Cluster } from '@eden/testkit';
import { startCluster } from '@eden/testkit';
import { parse, parseAllDocuments } from 'yaml';
import { startEden } from '../cli/eden-process.js';
import { JournalWorld } from '../delivery/journal-world.js';
import { schemaErrors } from '../deployment/kubernetes-schema.js';
import type { Manifest } from '../deployment/manifests.js';
import type { HookIdentity } from './hook-caller.js';

const EXAMPLES = join(import.meta.dirname, '..', '..', 'examples', 'deploy');
const JOBS = ['helm/templates/migrate.yaml', 'argo-cd/migrate.yaml', 'flux/migrate.yaml'];
const INIT_CONTAINER = 'init-container.yaml';

interface Container {
  readonly command: readonly string[];
  readonly args: readonly string[];
}

interface PodTemplate {
  readonly spec: { readonly initContainers?: readonly Container[]; readonly containers: readonly Container[] };
}

interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

let cluster: Cluster;
let world: JournalWorld;
let client: ApiClient;
let hook: HookIdentity;
let deployer: string;
let visitor: string;

beforeAll(async () => {
  cluster = await startCluster({ env: { LOCK_TTL_MS: '2000' } });
  world = await JournalWorld.create(cluster);
  ({ client } = world.customers);
  hook = (await world.customers.accept<{ data: HookIdentity }>('/iam/hooks', { id: 'ci' })).data;
  deployer = await createRobot('deployer', { access_level: 'Admin', scopes: ['migrate', 'gate'] });
  visitor = await createRobot('visitor', { scopes: ['gate'] });
});

async function createRobot(username: string, more: object): Promise<string> {
  const { data } = await world.customers.accept<{ data: { api_key: string } }>('/iam/robots', { username, ...more });
  return data.api_key;
}

function read(file: string): string {
  return readFileSync(join(EXAMPLES, file), 'utf8');
}

/** Of an example, as a cluster would start it. */
function containerOf(file: string): Container {
  const { spec } = parse(read(file)) as { spec: { template: PodTemplate } };
  const { initContainers = [], containers } = spec.template.spec;
  return (initContainers[0] ?? containers[0]) as Container;
}

function run([program = '', ...args]: readonly string[], env: Readonly<Record<string, string>>): Promise<Outcome> {
  const options = { cwd: EXAMPLES, env: { PATH: process.env['PATH'] ?? '', EDEN_URL: client.gatewayUrl, ...env } };
  return new Promise((resolve) => {
    execFile(program, args, options, (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code), out, err });
    });
  });
}

function runExample(file: string, env: Readonly<Record<string, string>>): Promise<Outcome> {
  const { command, args } = containerOf(file);
  return run([...command, ...args], env);
}

async function doom(name: string): Promise<void> {
  await world.customers.addTemplate(`fail_${name}`, 'db', 'SELECT 1/0');
  await world.customers.addApi(name);
  await world.customers.accept('/migrations', { id: name });
  const bindings = [{ template: `fail_${name}`, fields: {} }];
  await world.customers.accept(`/migrations/${name}/add_api`, { id: name, bindings });
}

describe('the examples of deployments', () => {
  it('are what Kubernetes and the pipelines read', () => {
    const manifests = [...JOBS, INIT_CONTAINER].map((file) => parse(read(file)) as Manifest);
    expect(schemaErrors(manifests)).toEqual([]);
    const flux = parseAllDocuments(read('flux/kustomizations.yaml')).map((document) => document.toJS() as Manifest);
    expect(flux.map(({ kind, metadata }) => `${kind}/${metadata.name}`)).toEqual([
      'Kustomization/shop-migrate',
      'Kustomization/shop',
    ]);
    for (const file of ['github-actions.yaml', 'gitlab-ci.yaml']) expect(read(file)).toContain('sh deploy.sh');
    const github = parse(read('github-actions.yaml')) as { jobs: { migrate: { steps: { run?: string }[] } } };
    expect(github.jobs.migrate.steps.at(-1)?.run).toBe('sh deploy.sh');
    expect((parse(read('gitlab-ci.yaml')) as { migrate: { script: string[] } }).migrate.script).toEqual([
      'sh deploy.sh',
    ]);
  });

  it('start a migration by a hook with curl and openssl, again without harm, and tell of a failure', async () => {
    await world.prepare(['by_curl']);
    await doom('doomed');
    const env = { EDEN_HOOK: hook.uuid, EDEN_HOOK_SECRET: hook.secret };
    const first = await run(['sh', 'deploy.sh'], { ...env, MIGRATION: 'by_curl' });
    expect(first).toMatchObject({ code: 0, out: expect.stringMatching(/by_curl is completed\n$/) });
    expect(await run(['sh', 'deploy.sh'], { ...env, MIGRATION: 'by_curl' })).toMatchObject({ code: 0 });
    await world.expectOnce(['by_curl']);
    expect(await run(['sh', 'deploy.sh'], { ...env, MIGRATION: 'doomed' })).toMatchObject({ code: 10 });
    const wrong = { ...env, EDEN_HOOK_SECRET: 'not the secret', MIGRATION: 'by_curl' };
    expect(await run(['sh', 'deploy.sh'], wrong)).toMatchObject({
      code: 1,
      err: expect.stringMatching(/Authentication required/),
    });
  });

  it.each(JOBS)('start a migration by the Job of %s, which may be tried again', async (file) => {
    const name = `by_${file.split('/')[0]?.replace('-', '_') ?? ''}`;
    await world.prepare([name]);
    const env = { MIGRATION: name, EDEN_TOKEN: deployer };
    expect(await runExample(file, env)).toMatchObject({ code: 0, out: expect.stringMatching(/is completed\n$/) });
    expect(await runExample(file, env)).toMatchObject({ code: 0 });
    await world.expectOnce([name]);
    const failed = await runExample(file, { ...env, MIGRATION: 'doomed' });
    expect(failed).toMatchObject({
      code: 1,
      err: expect.stringContaining('doomed has failed, and nothing has changed'),
    });
    const missing = await runExample(file, { ...env, EDEN_TOKEN: visitor, MIGRATION: 'nowhere' });
    expect(missing).toMatchObject({ code: 1, err: expect.stringContaining('the gate of nowhere answers 404') });
  });

  it('hold an init container until the migration is completed, with a key that is good for nothing else', async () => {
    const waiting = runExample(INIT_CONTAINER, { MIGRATION: 'awaited', EDEN_TOKEN: visitor });
    const eden = startEden(['gate', 'awaited', '--missing', 'wait', '--timeout', '5m'], {
      cwd: EXAMPLES,
      env: { EDEN_URL: client.gatewayUrl, EDEN_TOKEN: visitor },
    });
    await world.prepare(['awaited']);
    await world.migrate('awaited');
    expect(await waiting).toMatchObject({ code: 0 });
    expect(await eden.ended).toMatchObject({ code: 0, err: expect.stringContaining('awaited is completed') });
    expect(await runExample(INIT_CONTAINER, { MIGRATION: 'doomed', EDEN_TOKEN: visitor })).toMatchObject({ code: 1 });
    expect(await client.withToken(visitor).get('/migrations/awaited')).toMatchObject({ status: 403 });
    const executor = await createRobot('executor', { scopes: ['execute'] });
    expect(await client.withToken(executor).get('/migrations/awaited/gate')).toMatchObject({ status: 403 });
    await world.customers.accept('/iam/rbac/migrations/awaited/subjects', { subjects: [['visitor', 'None']] });
    expect(await client.withToken(visitor).get('/migrations/awaited/gate')).toMatchObject({ status: 403 });
  });

  it('are the commands of eden, too', async () => {
    const env = { EDEN_URL: client.gatewayUrl, EDEN_TOKEN: client.token ?? '' };
    const eden = (...argv: string[]) => startEden(argv, { cwd: EXAMPLES, env }).ended;
    await world.prepare(['commanded']);
    const { out } = await eden('hooks', 'create', 'commanding', '--migration', 'commanded', '-o', 'json');
    const made = JSON.parse(out) as HookIdentity;
    const deploy = { EDEN_HOOK: made.uuid, EDEN_HOOK_SECRET: made.secret, MIGRATION: 'commanded' };
    expect(await run(['sh', 'deploy.sh'], deploy)).toMatchObject({ code: 0 });
    const rotated = await eden('hooks', 'rotate', 'commanding', '--overlap', '0s');
    expect(rotated.out).toContain('SECRET');
    expect(await run(['sh', 'deploy.sh'], deploy)).toMatchObject({ code: 1 });
    expect((await eden('hooks', 'list', '-o', 'name')).out.split('\n')).toContain('hook/commanding');
    expect(await eden('hooks', 'delete', 'commanding', '--yes')).toMatchObject({ code: 0 });
    expect(await eden('gate', 'doomed')).toMatchObject({ code: 10 });
    expect(await eden('gate', 'by_nobody', '--missing', 'wait', '--timeout', '0s')).toMatchObject({ code: 124 });
    const refused = await eden('webhooks', 'create', '--to', 'https://hooks.example.com/x', '--event', 'run.failed');
    expect(refused).toMatchObject({ code: 10, err: expect.stringContaining('WEBHOOK_ALLOWED_HOSTS') });
    expect(await eden('webhooks', 'list')).toMatchObject({ code: 0, err: expect.stringContaining('There are none') });
  });
});
