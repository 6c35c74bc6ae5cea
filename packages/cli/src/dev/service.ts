import {
  deployControlSchema,
  freePort,
  isFree,
  Sandbox,
  ServiceProcess,
  type Environment,
  type PostgresServer,
} from '@eden/sandbox';
import { CommandError } from '../exit-codes.js';
import type { DevFolder, DevState, KeptServer } from './state.js';

/** The whole service on this machine, with data that stays. */
export class DevService {
  constructor(
    private readonly sandbox: Sandbox,
    readonly url: string,
    /** Connection strings of the databases of `--with-targets`. */
    readonly targetUrls: readonly string[],
  ) {}

  /** @throws CommandError, StartError */
  static async start(folder: DevFolder, targetCount: number): Promise<DevService> {
    const sandbox = await Sandbox.create(folder.running, { keepIn: folder.data });
    try {
      return await startIn(sandbox, folder, targetCount);
    } catch (error) {
      await sandbox.stop();
      throw error;
    }
  }

  get logFolder(): string {
    return this.sandbox.folder;
  }

  /** Rejects when a part of it ends by itself. */
  watch(): Promise<never> {
    return this.sandbox.watch();
  }

  /** Gateway and worker drain, the servers end after them. */
  stop(): Promise<void> {
    return this.sandbox.stop();
  }
}

async function startIn(sandbox: Sandbox, folder: DevFolder, wanted: number): Promise<DevService> {
  const state = await folder.readState();
  // Before the data: without its secrets it would be lost.
  await folder.writeState(state);
  const targetCount = Math.max(wanted, state.targetCount);
  const [control, targets, redis] = await Promise.all([
    startServer(sandbox, 'control', state.control),
    targetCount === 0 ? undefined : startServer(sandbox, 'targets', state.targets),
    sandbox.startRedis({ name: 'redis' }),
  ]);
  const env = environmentOf(folder, state, control, redis.url);
  const [targetUrls] = await Promise.all([ensureTargets(targets, targetCount), deployControlSchema(sandbox, env)]);
  const port = await gatewayPort(state);
  const [gateway] = await Promise.all([
    ServiceProcess.start(sandbox, { service: 'gateway', env, port }),
    ServiceProcess.start(sandbox, { service: 'worker', env }),
  ]);
  await folder.writeState({
    ...state,
    control: { ...state.control, port: control.port },
    targets: { ...state.targets, port: targets?.port ?? state.targets.port },
    gatewayPort: port,
    targetCount,
  });
  return new DevService(sandbox, gateway.url, targetUrls);
}

/** The control database is known by its port, and endpoints name that of the targets: both have to stay. */
async function startServer(sandbox: Sandbox, name: string, { port, superuser }: KeptServer): Promise<PostgresServer> {
  if (port !== undefined && !(await isFree(port))) {
    const next = `End what listens there, or begin anew with "eden dev --reset".`;
    throw new CommandError(`Port ${port}, where the kept database ${name} was, is taken`, next);
  }
  return sandbox.startPostgres({ name, superuser, ...(port === undefined ? {} : { port }) });
}

async function ensureTargets(server: PostgresServer | undefined, count: number): Promise<string[]> {
  if (server === undefined) return [];
  const names = Array.from({ length: count }, (_, index) => `target_${index + 1}`);
  for (const name of names) await server.ensureDatabase(name);
  return names.map((name) => server.url(name));
}

async function gatewayPort({ gatewayPort: kept }: DevState): Promise<number> {
  return kept !== undefined && (await isFree(kept)) ? kept : freePort();
}

function environmentOf(folder: DevFolder, state: DevState, control: PostgresServer, redisUrl: string): Environment {
  return {
    DATABASE_URL: control.url(),
    REDIS_URL: redisUrl,
    ...state.secrets,
    ENDPOINT_ALLOW_LOOPBACK: 'true',
    EDEN_INSTALLATION: `dev-${folder.name}`,
    LOG_LEVEL: 'info',
  };
}
