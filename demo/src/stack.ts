import { join } from 'node:path';
import type { Environment, PostgresOptions, PostgresServer } from '@eden/sandbox';
import { deployControlSchema, newSecrets, Sandbox, ServiceProcess } from '@eden/sandbox';

const ROOT = join(import.meta.dirname, '..', '..');
/** As in `npm run start:gateway` and `start:worker` (docs/adr/0031). */
const FLAGS = ['--heap-growing-percent=50'];

/** The three PostgreSQL clusters of the demo: ours, and two that belong to the application. */
export interface Clusters {
  readonly control: PostgresServer;
  readonly first: PostgresServer;
  readonly second: PostgresServer;
}

/** The whole service on this machine, in a folder of its own below `.eden/`. */
export class Stack {
  private constructor(private readonly sandbox: Sandbox) {}

  static async create(): Promise<Stack> {
    return new Stack(await Sandbox.create(join(ROOT, '.eden')));
  }

  /** @param targets Lines of the application's postgresql.conf that override ours. */
  async startClusters(targets: PostgresOptions['settings'] = {}): Promise<Clusters> {
    const [control, first, second] = await Promise.all([
      this.sandbox.startPostgres({ name: 'control' }),
      this.sandbox.startPostgres({ name: 'first-target', settings: targets }),
      this.sandbox.startPostgres({ name: 'second-target', settings: targets }),
    ]);
    return { control, first, second };
  }

  async startRedis(): Promise<string> {
    return (await this.sandbox.startRedis({ name: 'redis' })).url;
  }

  /** `npm run db:deploy`. */
  async deploySchema(env: Environment): Promise<void> {
    await deployControlSchema(this.sandbox, env);
  }

  async startGateway(env: Environment): Promise<ServiceProcess> {
    return ServiceProcess.start(this.sandbox, { service: 'gateway', env, nodeFlags: FLAGS });
  }

  /** @param main Another program than the production worker, such as one with faults; its path in the repository. */
  async startWorker(env: Environment, main?: string): Promise<ServiceProcess> {
    const program = main === undefined ? undefined : join(ROOT, main);
    return ServiceProcess.start(this.sandbox, { service: 'worker', env, main: program, nodeFlags: FLAGS });
  }

  describeLogs(): Promise<string> {
    return this.sandbox.describeLogs();
  }

  watch(): Promise<never> {
    return this.sandbox.watch();
  }

  async stop(): Promise<void> {
    await this.sandbox.stop();
  }
}

/** What gateway and worker are told. The secrets are for this demo only. */
export function demoEnvironment(clusters: Clusters, redisUrl: string): Environment & ReturnType<typeof newSecrets> {
  return {
    DATABASE_URL: clusters.control.url(),
    REDIS_URL: redisUrl,
    ...newSecrets(),
    ENDPOINT_ALLOW_LOOPBACK: 'true',
    EDEN_INSTALLATION: 'demo',
    LOG_LEVEL: 'info',
  };
}
