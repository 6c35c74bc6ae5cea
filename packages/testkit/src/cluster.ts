import { randomBytes, randomUUID } from 'node:crypto';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '@eden/sandbox';
import { ApiClient } from './api-client.js';
import { ClusterMember } from './cluster-member.js';
import { createControlDatabase } from './databases.js';
import { redisDatabase } from './redis.js';
import { atEndOfFile } from './test-file.js';
import { testSandbox } from './test-sandbox.js';

type Environment = Readonly<Record<string, string>>;
type Service = 'gateway' | 'worker';

export interface ClusterOptions {
  /** Default: 1. */
  readonly gateways?: number;
  /** Default: 1. */
  readonly workers?: number;
  /** On top of what the kit sets: a control database, a Redis, ports and secrets. */
  readonly env?: Environment;
  /** The program that workers run, for tests that add something to the one of production. */
  readonly workerMain?: string;
}

/** A new organization and its SuperAdmin, logged in at the first gateway. */
export interface Organization {
  readonly id: string;
  readonly client: ApiClient;
}

const SERVICES = join(import.meta.dirname, '..', '..', '..', 'services');
const HOST = '127.0.0.1';

/** Gateways and workers as real processes over one control database and one Redis: what runs in production. */
export class Cluster {
  readonly gateways: ClusterMember[] = [];
  readonly workers: ClusterMember[] = [];

  private constructor(
    private readonly env: Environment,
    private readonly mains: Readonly<Record<Service, string>>,
  ) {}

  static async start({ gateways = 1, workers = 1, env = {}, workerMain }: ClusterOptions): Promise<Cluster> {
    const mains = { gateway: mainOf('gateway'), worker: workerMain ?? mainOf('worker') };
    const cluster = new Cluster({ ...(await infrastructure(env)), ...secrets(), ...env }, mains);
    atEndOfFile(() => cluster.stop());
    const count = { gateway: gateways, worker: workers };
    const starts = (['gateway', 'worker'] as const).flatMap((service) =>
      Array.from({ length: count[service] }, () => cluster.add(service)),
    );
    await Promise.all(starts);
    return cluster;
  }

  /** Of the control database. */
  get databaseUrl(): string {
    return this.env['DATABASE_URL'] as string;
  }

  get redisUrl(): string {
    return this.env['REDIS_URL'] as string;
  }

  /** An anonymous client of the first gateway. */
  get client(): ApiClient {
    const [gateway] = this.gateways;
    if (gateway === undefined) throw new Error('This cluster has no gateway');
    return new ApiClient(gateway.url);
  }

  /** One more gateway, ready; `env` is for this one alone. */
  async addGateway(env: Environment = {}): Promise<ClusterMember> {
    return this.add('gateway', env);
  }

  /** One more worker, ready; `env` is for this one alone. */
  async addWorker(env: Environment = {}): Promise<ClusterMember> {
    return this.add('worker', env);
  }

  async createOrganization(): Promise<Organization> {
    const id = `org-${randomUUID()}`;
    const admin = { username: 'admin', password: randomBytes(18).toString('base64url') };
    const creator = this.client.withToken(this.env['NEW_ORG_TOKEN'] as string);
    const { status, body } = await creator.post('/new', { id, super_admins: [admin] });
    if (status !== 201) throw new Error(`Organization refused: ${status} ${JSON.stringify(body)}`);
    return { id, client: await this.client.logIn(id, admin.username, admin.password) };
  }

  /** Drains all members that still run. @throws when one of them does not end with exit code 0. */
  async stop(): Promise<void> {
    await Promise.all([...this.gateways, ...this.workers].map((member) => member.stop()));
  }

  private async add(service: Service, env: Environment = {}): Promise<ClusterMember> {
    const members = service === 'gateway' ? this.gateways : this.workers;
    const port = String(await freePort());
    const address = service === 'gateway' ? { PORT: port, HOST } : { METRICS_PORT: port };
    const process = await startService(service, this.mains[service], { ...this.env, ...address, ...env });
    const member = await ClusterMember.whenReady(process, `http://${HOST}:${port}`);
    members.push(member);
    return member;
  }
}

export async function startCluster(options: ClusterOptions = {}): Promise<Cluster> {
  return Cluster.start(options);
}

const started = { gateway: 0, worker: 0 };

function mainOf(service: Service): string {
  return join(SERVICES, service, 'dist', 'main.js');
}

async function startService(service: Service, main: string, env: Environment) {
  await access(main).catch((cause: unknown) => {
    throw new Error(`${main} is missing: run "npm run build" first`, { cause });
  });
  const sandbox = await testSandbox();
  const inherited = { PATH: process.env['PATH'], HOME: process.env['HOME'] };
  return sandbox.startProcess({
    name: `${service}-${(started[service] += 1)}`,
    command: process.execPath,
    args: ['--enable-source-maps', main],
    env: { ...inherited, ...env },
  });
}

async function infrastructure(given: Environment): Promise<Environment> {
  const DATABASE_URL = given['DATABASE_URL'] ?? (await createControlDatabase()).url;
  const REDIS_URL = given['REDIS_URL'] ?? (await redisDatabase());
  return { DATABASE_URL, REDIS_URL, ENDPOINT_ALLOW_LOOPBACK: 'true' };
}

function secrets(): Environment {
  return {
    JWT_SECRET: randomBytes(48).toString('base64'),
    NEW_ORG_TOKEN: randomBytes(24).toString('base64url'),
    ENCRYPTION_KEY: randomBytes(32).toString('base64'),
  };
}
