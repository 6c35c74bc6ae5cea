import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import process from 'node:process';
import type { ManagedProcess, PostgresServer } from '@eden/sandbox';
import { Sandbox, freePort, waitUntilReady } from '@eden/sandbox';

const ROOT = join(import.meta.dirname, '..', '..');
const HOST = '127.0.0.1';
const READY_TIMEOUT_MS = 30_000;
/** As in `npm run start:gateway` (docs/adr/0008). */
const NODE_FLAGS = ['--heap-growing-percent=25', '--max-semi-space-size=4'];

/** The three PostgreSQL clusters of the demo: ours, and two that belong to the application. */
export interface Clusters {
  readonly control: PostgresServer;
  readonly first: PostgresServer;
  readonly second: PostgresServer;
}

/** A gateway or worker that is ready. */
export interface Service {
  readonly url: string;
  readonly pid: number;
  /** kill -9. */
  kill(): Promise<unknown>;
}

/** The whole service on this machine, in a folder of its own below `.eden/`. */
export class Stack {
  private constructor(private readonly sandbox: Sandbox) {}

  static async create(): Promise<Stack> {
    return new Stack(await Sandbox.create(join(ROOT, '.eden')));
  }

  async startClusters(): Promise<Clusters> {
    const [control, first, second] = await Promise.all([
      this.sandbox.startPostgres({ name: 'control' }),
      this.sandbox.startPostgres({ name: 'first-target' }),
      this.sandbox.startPostgres({ name: 'second-target' }),
    ]);
    return { control, first, second };
  }

  async startRedis(): Promise<string> {
    return (await this.sandbox.startRedis({ name: 'redis' })).url;
  }

  /** `npm run db:deploy`. */
  async deploySchema(env: NodeJS.ProcessEnv): Promise<void> {
    const deploy = await this.start('db-deploy', 'packages/database/dist/deploy-main.js', env);
    const { code } = await deploy.waitForExit();
    if (code !== 0) throw new Error(`The control schema could not be applied:\n${await deploy.readLog()}`);
  }

  async startGateway(env: NodeJS.ProcessEnv): Promise<Service> {
    const port = await freePort();
    return this.startReady('gateway', serviceMain('gateway'), port, { ...env, HOST, PORT: String(port) });
  }

  /** @param main Another program than the production worker, such as one with faults. */
  async startWorker(env: NodeJS.ProcessEnv, main = serviceMain('worker')): Promise<Service> {
    const port = await freePort();
    return this.startReady('worker', main, port, { ...env, HOST, METRICS_PORT: String(port) });
  }

  /** The ends of the logs of everything that was started here. */
  async describeLogs(): Promise<string> {
    const logs = await Promise.all(
      this.sandbox.processes.map(async (started) => `--- ${started.name}\n${(await started.readLog()).slice(-2_000)}`),
    );
    return `${logs.join('\n')}\n`;
  }

  /** Keeps this process alive, which what it has started does not. @throws Error when any of that ends by itself */
  async watch(): Promise<never> {
    const ended = this.sandbox.processes.map(async (started) => {
      await started.waitForExit();
      return started.name;
    });
    throw new Error(`${await Promise.race(ended)} has ended`);
  }

  async stop(): Promise<void> {
    await this.sandbox.stop();
  }

  private async startReady(name: string, main: string, port: number, env: NodeJS.ProcessEnv): Promise<Service> {
    const url = `http://${HOST}:${port}`;
    const started = await this.start(name, main, env);
    await waitUntilReady(started, () => answersReady(url), READY_TIMEOUT_MS);
    return { url, pid: started.pid, kill: () => started.kill() };
  }

  private start(name: string, main: string, env: NodeJS.ProcessEnv): Promise<ManagedProcess> {
    const args = [...NODE_FLAGS, join(ROOT, main)];
    return this.sandbox.startProcess({
      name,
      command: process.execPath,
      args,
      env: { PATH: process.env['PATH'], ...env },
    });
  }
}

/** Secrets for this demo only. */
export function demoEnvironment(clusters: Clusters, redisUrl: string): NodeJS.ProcessEnv {
  return {
    DATABASE_URL: clusters.control.url(),
    REDIS_URL: redisUrl,
    JWT_SECRET: randomBytes(48).toString('base64'),
    NEW_ORG_TOKEN: randomBytes(24).toString('base64url'),
    ENCRYPTION_KEY: randomBytes(32).toString('base64'),
    ENDPOINT_ALLOW_LOOPBACK: 'true',
    LOG_LEVEL: 'info',
  };
}

function serviceMain(service: 'gateway' | 'worker'): string {
  return `services/${service}/dist/main.js`;
}

async function answersReady(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/readyz`)).ok;
  } catch {
    return false;
  }
}
