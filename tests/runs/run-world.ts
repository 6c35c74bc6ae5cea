import { randomBytes, randomUUID } from 'node:crypto';
import { loadWorkerConfig } from '@eden/config';
import type { CoordinatorDeps, RunRequest } from '@eden/coordinator';
import {
  addApiToMigration,
  createApi,
  createEndpoint,
  createMigration,
  createTemplate,
  requestRun,
} from '@eden/coordinator';
import type {
  BatchSpec,
  CrashPoint,
  Expectation,
  MigrationOptions,
  Run,
  RunApi,
  RunState,
  Subject,
  Uuid,
} from '@eden/domain';
import { EdenError, NO_GRANTS, asUuid, isFinished } from '@eden/domain';
import type { EngineDeps } from '@eden/engine';
import { consumeRun, recoverRuns } from '@eden/engine';
import type { PostgresAddress, TcpProxy, TestDatabase } from '@eden/testkit';
import {
  createControlDatabase,
  createDatabase,
  redisDatabase,
  startTcpProxy,
  testServers,
  withClient,
} from '@eden/testkit';
import type { WorkerContext } from '../../services/worker/src/context.js';
import { createContext } from '../../services/worker/src/context.js';

/** What the gateway and the worker have, in one. */
export type WorldDeps = EngineDeps & CoordinatorDeps;

/** Called when a run reaches the point; what it throws ends the attempt as if the worker had died there. */
export type Reached = (point: CrashPoint, participant?: number) => void | Promise<void>;

/** One binding of a migration: a statement in one of the databases, which an API of its own brings in. */
export interface Step {
  readonly database: number;
  readonly query: string;
  readonly rollback?: string;
  /** Write where nothing is said. */
  readonly kind?: 'Read' | 'Write';
  readonly stage?: number;
  readonly outputs?: Readonly<Record<string, string>>;
  readonly fields?: Readonly<Record<string, string>>;
  readonly batch?: BatchSpec;
  readonly expect?: Expectation;
  /** False: outside the transaction. */
  readonly transactional?: boolean;
}

/** A server on which to make a database, or one that is there. */
type Target = PostgresAddress | TestDatabase;

function databaseAt(target: Target): Promise<TestDatabase> | TestDatabase {
  return 'server' in target ? target : createDatabase(target);
}

/** Whoever adopts a run does its steps outside the transaction, or takes them back. */
const AT_STEPS: readonly RunState[] = ['stepping', 'finishing', 'compensating'];

export const NEVER = new AbortController().signal;

/** Runs in this process, so that a test can step in at any point of them; everything below them is real. */
export class RunWorld {
  private constructor(
    readonly context: WorkerContext,
    readonly subject: Subject,
    readonly databases: [TestDatabase, TestDatabase, ...TestDatabase[]],
    /** Each database is reached through one. */
    readonly proxies: [TcpProxy, TcpProxy, ...TcpProxy[]],
  ) {}

  static async create(
    env: Readonly<Record<string, string>> = {},
    targets: readonly [Target, Target] = testServers().targets,
  ): Promise<RunWorld> {
    const config = loadWorkerConfig({
      DATABASE_URL: (await createControlDatabase()).url,
      REDIS_URL: await redisDatabase(),
      ENCRYPTION_KEY: randomBytes(32).toString('base64'),
      ENDPOINT_ALLOW_LOOPBACK: 'true',
      LOG_LEVEL: 'error',
      ...env,
    });
    const context = createContext(config);
    const databases: RunWorld['databases'] = [await databaseAt(targets[0]), await databaseAt(targets[1])];
    const proxies: RunWorld['proxies'] = [
      await startTcpProxy(databases[0].server.port),
      await startTcpProxy(databases[1].server.port),
    ];
    const world = new RunWorld(context, await newSubject(context), databases, proxies);
    for (const index of [0, 1]) await world.addEndpoint(index);
    return world;
  }

  get deps(): WorldDeps {
    const { deps, database } = this.context;
    return {
      ...deps,
      store: database.store,
      settings: { ...deps.settings, approvalBy: 'another', statementTimeoutMs: 30_000, subjectsKeptMs: 10_000 },
    };
  }

  /** As another worker process has them; `reached` is told of every crash point. */
  worker(reached: Reached = () => undefined, changes: Partial<WorldDeps> = {}): WorldDeps {
    const crashPoints = { reach: async (point: CrashPoint, participant?: number) => reached(point, participant) };
    return { ...this.deps, crashPoints, settings: { ...this.deps.settings, owner: randomUUID() }, ...changes };
  }

  /** A worker that is gone once it has reached the point: from there on it writes nothing. */
  dying(point: CrashPoint): WorldDeps {
    const { journal } = this.deps;
    let isGone = false;
    const die: Reached = (reached) => {
      isGone ||= reached === point;
      if (isGone) throw new EdenError('FENCED');
    };
    return this.worker(die, {
      journal: { ...journal, heartbeat: async (owned) => !isGone && (await journal.heartbeat(owned)) },
    });
  }

  /** A migration with one API (`<id>-<n>`) per step, synced; `prepare` comes just before the sync. */
  async migration(
    id: string,
    steps: readonly Step[],
    prepare = () => Promise.resolve(),
    options: MigrationOptions = {},
  ): Promise<void> {
    await this.unsynced(id, steps, options);
    await prepare();
    const sync = await this.request(id, 'sync');
    await consumeRun(this.deps, sync, NEVER);
    expectState(await this.run(sync), 'succeeded');
  }

  /** The same without its sync. */
  async unsynced(id: string, steps: readonly Step[], options: MigrationOptions = {}): Promise<void> {
    await createMigration(this.deps, this.subject, { id, description: null, parameters: {}, options });
    for (const [index, step] of steps.entries()) await this.addStep(id, `${id}-${index}`, step);
  }

  async request(id: string, kind: RunRequest['kind'] = 'migrate', more: Partial<RunRequest> = {}): Promise<Uuid> {
    return (await requestRun(this.deps, this.subject, id, { kind, overrides: {}, ...more })).uuid;
  }

  apis(run: Uuid): Promise<readonly RunApi[]> {
    return this.deps.store.organization(this.subject.organizationUuid).runApis(run);
  }

  run(uuid: Uuid): Promise<Run> {
    return this.deps.store.organization(this.subject.organizationUuid).run(uuid);
  }

  /** Wakes workers up for the run until it has ended. */
  async finish(uuid: Uuid, deps = this.worker()): Promise<Run> {
    for (;;) {
      const run = await this.run(uuid);
      if (isFinished(run.state)) return run;
      await consumeRun(deps, uuid, NEVER);
      if (AT_STEPS.includes(run.state)) await recoverRuns(deps, NEVER);
    }
  }

  /** A worker that does whatever there is to do for the run until it dies at the point. */
  async dieAt(point: CrashPoint, uuid: Uuid): Promise<void> {
    let isDead = false;
    const worker = this.dying(point);
    const reach: Reached = async (reached, participant) => {
      isDead ||= reached === point;
      await worker.crashPoints.reach(reached, participant);
    };
    const dying = { ...worker, crashPoints: { reach: async (...at: Parameters<Reached>) => reach(...at) } };
    while (!isDead) {
      await consumeRun(dying, uuid, NEVER).catch(() => undefined);
      if (!isDead) await recoverRuns(dying, NEVER).catch(() => undefined);
      const { state } = await this.run(uuid);
      if (isFinished(state)) throw new Error(`The run is ${state}, and has never come to ${point}`);
    }
  }

  /** One more, beside the two that every world has. Answers its number. */
  async addDatabase(target: Target): Promise<number> {
    const database = await databaseAt(target);
    this.databases.push(database);
    this.proxies.push(await startTcpProxy(database.server.port));
    await this.addEndpoint(this.databases.length - 1);
    return this.databases.length - 1;
  }

  query(database: number, sql: string): Promise<readonly Record<string, unknown>[]> {
    return withClient(this.databaseAt(database).url, async (client) => (await client.query(sql)).rows);
  }

  async prepared(): Promise<number> {
    const sql = 'SELECT FROM pg_prepared_xacts WHERE database = current_database()';
    return (await Promise.all([this.query(0, sql), this.query(1, sql)])).flat().length;
  }

  async close(): Promise<void> {
    for (const proxy of this.proxies) proxy.resume();
    await this.context.close();
  }

  private databaseAt(index: number): TestDatabase {
    const database = this.databases[index];
    if (database === undefined) throw new RangeError(`no database ${index}`);
    return database;
  }

  private async addEndpoint(index: number): Promise<void> {
    const url = new URL(this.databaseAt(index).url);
    url.port = String(this.proxies[index]?.port);
    const config = { url: url.href };
    await createEndpoint(this.deps, this.subject, { id: `db-${index}`, kind: 'Postgres', description: null, config });
  }

  async addStep(migration: string, id: string, step: Step): Promise<void> {
    const { database, query, rollback, kind = 'Write', outputs, batch, expect, fields = {}, stage = 0 } = step;
    const { transactional } = step;
    const settings = {
      ...(outputs === undefined ? {} : { outputs }),
      ...(batch === undefined ? {} : { batch }),
      ...(expect === undefined ? {} : { expect }),
      ...(transactional === undefined ? {} : { transactional }),
      ...(rollback === undefined ? {} : { rollback: { query: rollback } }),
    };
    const body = { query };
    const template = { id, description: null, endpoint: `db-${database}`, kind, body, settings } as const;
    await createTemplate(this.deps, this.subject, template);
    await createApi(this.deps, this.subject, { id, description: null, fields: [], bindings: [] });
    const bindings = [{ template: id, fields }];
    await addApiToMigration(this.deps, this.subject, migration, { api: id, bindings, stage, next: null });
  }
}

async function newSubject({ database }: WorkerContext): Promise<Subject> {
  const { identity } = database.store;
  const organization = await identity.createOrganization({ id: 'acme', description: null, superAdmins: [] });
  return {
    organizationUuid: organization.uuid,
    organizationId: organization.id,
    userUuid: asUuid(randomUUID()),
    username: 'ann',
    level: 'SuperAdmin',
    grants: NO_GRANTS,
    scopes: null,
  };
}

function expectState({ state, error }: Run, expected: Run['state']): void {
  if (state !== expected) throw new Error(`The run is ${state}: ${JSON.stringify(error)}`);
}
