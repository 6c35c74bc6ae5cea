import { randomBytes } from 'node:crypto';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { Exit, ManagedProcess } from './managed-process.js';
import { freePort } from './ports.js';
import { waitUntilReady } from './readiness.js';
import type { Sandbox } from './sandbox.js';

export type ServiceName = 'gateway' | 'worker' | 'operator';
export type Environment = Readonly<Record<string, string>>;

export interface ServiceRequest {
  readonly service: ServiceName;
  /** All it is told but its address. */
  readonly env: Environment;
  /** Another program than the one of production, such as one with faults. */
  readonly main?: string | undefined;
  readonly nodeFlags?: readonly string[];
  /** Default: any free one. */
  readonly port?: number;
  /** Told of the process before it is ready. */
  readonly onStart?: (process: ManagedProcess) => void;
}

/** One line of a process's log. */
export type LogLine = Readonly<Record<string, unknown>>;

const SERVICES = join(import.meta.dirname, '..', '..', '..', 'services');
const HOST = '127.0.0.1';
const READY_TIMEOUT_MS = 60_000;
const PROBE_TIMEOUT_MS = 5_000;
const STOP_TIMEOUT_MS = 30_000;

const started = { gateway: 0, worker: 0, operator: 0 };

/** A gateway, a worker or an operator: a real process of its own. */
export class ServiceProcess {
  private constructor(
    readonly process: ManagedProcess,
    /** Where it serves HTTP: everything (gateway), or health and metrics (the others). */
    readonly url: string,
  ) {}

  /** Starts the built service on a free port and waits until it is ready. @throws StartError with the end of its log */
  static async start(sandbox: Sandbox, request: ServiceRequest): Promise<ServiceProcess> {
    const { service, env, main = mainOf(service), nodeFlags = [] } = request;
    await assertBuilt(main);
    const port = String(request.port ?? (await freePort()));
    const process_ = await sandbox.startProcess({
      name: `${service}-${(started[service] += 1)}`,
      command: process.execPath,
      args: [...nodeFlags, main],
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...addressOf(service, port), ...env },
    });
    request.onStart?.(process_);
    return ServiceProcess.whenReady(process_, `http://${HOST}:${port}`);
  }

  /** @throws StartError with the end of its log when it ends, or is not ready, in time. */
  static async whenReady(process: ManagedProcess, url: string): Promise<ServiceProcess> {
    await waitUntilReady(process, () => answersReady(url), READY_TIMEOUT_MS);
    return new ServiceProcess(process, url);
  }

  get name(): string {
    return this.process.name;
  }

  get pid(): number {
    return this.process.pid;
  }

  /** SIGSTOP. */
  freeze(): void {
    this.process.freeze();
  }

  thaw(): void {
    this.process.thaw();
  }

  /** kill -9. */
  async kill(): Promise<Exit> {
    return this.process.kill();
  }

  /**
   * SIGTERM: the process drains and ends by itself. Nothing happens when it has been killed before.
   * @throws when it ends with another exit code than 0, or has to be killed after `timeoutMs`.
   */
  async stop(timeoutMs = STOP_TIMEOUT_MS): Promise<void> {
    if (!this.process.running) return;
    const { code, signal } = await this.process.stop(timeoutMs);
    if (code !== 0) throw new Error(`${this.name} ended with ${signal ?? `exit code ${code}`} on SIGTERM`);
  }

  /** The JSON lines it has logged so far. */
  async logs(): Promise<LogLine[]> {
    const lines = (await this.process.readLog()).split('\n');
    return lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as LogLine);
  }
}

/** New secrets for gateways and workers that work together. */
export function newSecrets(): Record<'JWT_SECRET' | 'NEW_ORG_TOKEN' | 'ENCRYPTION_KEY', string> {
  return {
    JWT_SECRET: randomBytes(48).toString('base64'),
    NEW_ORG_TOKEN: randomBytes(24).toString('base64url'),
    ENCRYPTION_KEY: randomBytes(32).toString('base64'),
  };
}

function mainOf(service: ServiceName): string {
  return join(SERVICES, service, 'dist', 'main.js');
}

async function assertBuilt(main: string): Promise<void> {
  await access(main).catch((cause: unknown) => {
    throw new Error(`${main} is missing: run "npm run build" first`, { cause });
  });
}

function addressOf(service: ServiceName, port: string): Environment {
  return service === 'gateway' ? { HOST, PORT: port } : { HOST, METRICS_PORT: port };
}

async function answersReady(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) })).ok;
  } catch {
    return false;
  }
}
