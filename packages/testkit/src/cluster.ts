import { randomBytes, randomUUID } from 'node:crypto';
import type { Environment, ManagedProcess, ServiceName } from '@eden/sandbox';
import { newSecrets, ServiceProcess } from '@eden/sandbox';
import { ApiClient } from './api-client.js';
import { createControlDatabase } from './databases.js';
import { redisDatabase } from './redis.js';
import { atEndOfFile, reportOnFailure } from './test-file.js';
import { testSandbox } from './test-sandbox.js';

export interface ClusterOptions {
  /** Default: 1. */
  readonly gateways?: number;
  /** Default: 1. */
  readonly workers?: number;
  /** On top of what the kit sets: a control database, a Redis, ports and secrets. */
  readonly env?: Environment;
  /** Other programs than those of this build. */
  readonly mains?: Mains;
}

/** The programs that gateways and workers run; those of this build where nothing is said. */
export type Mains = Readonly<Partial<Record<Exclude<ServiceName, 'operator'>, string>>>;

export interface MemberOptions {
  /** Default: those of the cluster. */
  readonly mains?: Mains;
  /** Default: any free one. */
  readonly port?: number;
}

/** A new organization and its SuperAdmin, logged in at the first gateway. */
export interface Organization {
  readonly id: string;
  readonly client: ApiClient;
}

/** As in production, and stacks that name our sources. */
const NODE_FLAGS = {
  gateway: ['--enable-source-maps', '--liftoff-only', '--heap-growing-percent=50'],
  worker: ['--enable-source-maps', '--liftoff-only', '--heap-growing-percent=50'],
} as const;

/** Gateways and workers as real processes over one control database and one Redis: what runs in production. */
export class Cluster {
  readonly gateways: ServiceProcess[] = [];
  readonly workers: ServiceProcess[] = [];

  private constructor(
    private readonly env: Environment,
    private readonly mains: Mains,
  ) {}

  static async start({ gateways = 1, workers = 1, env = {}, mains = {} }: ClusterOptions): Promise<Cluster> {
    const cluster = new Cluster({ ...(await infrastructure(env)), ...newSecrets(), ...env }, mains);
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

  /** One more gateway, ready; `env` and the options are for this one alone. */
  async addGateway(env: Environment = {}, options: MemberOptions = {}): Promise<ServiceProcess> {
    return this.add('gateway', env, options);
  }

  /** One more worker, ready; `env` and the options are for this one alone. */
  async addWorker(env: Environment = {}, options: MemberOptions = {}): Promise<ServiceProcess> {
    return this.add('worker', env, options);
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

  private async add(
    service: keyof Mains,
    env: Environment = {},
    { mains = this.mains, port }: MemberOptions = {},
  ): Promise<ServiceProcess> {
    const member = await ServiceProcess.start(await testSandbox(), {
      service,
      env: { ...this.env, ...env },
      main: mains[service],
      nodeFlags: NODE_FLAGS[service],
      onStart: reportLog,
      ...(port === undefined ? {} : { port }),
    });
    (service === 'gateway' ? this.gateways : this.workers).push(member);
    return member;
  }
}

export async function startCluster(options: ClusterOptions = {}): Promise<Cluster> {
  return Cluster.start(options);
}

function reportLog(process: ManagedProcess): void {
  reportOnFailure(async () => `${process.name} (pid ${process.pid}) wrote\n${await process.readLog()}`);
}

async function infrastructure(given: Environment): Promise<Environment> {
  const DATABASE_URL = given['DATABASE_URL'] ?? (await createControlDatabase()).url;
  const REDIS_URL = given['REDIS_URL'] ?? (await redisDatabase());
  return { DATABASE_URL, REDIS_URL, ENDPOINT_ALLOW_LOOPBACK: 'true' };
}
