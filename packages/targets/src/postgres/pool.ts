import { EdenError, type Endpoint, type Uuid } from '@eden/domain';
import { Pool, type ClientConfig, type PoolClient } from 'pg';
import type { Admission } from './admission.js';
import { hostsOf, parseConfig, type PostgresConfig } from './config.js';
import { clientConfig, findHost } from './connect.js';
import { connectError } from './errors.js';
import type { AnswerLimits } from '../answer-limits.js';
import { GuardedClient } from './guard/guarded-client.js';
import { EXECUTION_APPLICATION } from './names.js';
import { ANSWER_MARGIN_MS } from './sql.js';

export interface PoolLimits {
  readonly connectTimeoutMs: number;
  /** How long an execution waits for its turn when all connections are taken: by readers at a gate, for example. */
  readonly poolWaitMs: number;
  readonly poolIdleMs: number;
  /** For one answer, by the server's own reckoning. */
  readonly answerTimeoutMs: number;
  readonly admission: Admission;
  /** What statements may answer. */
  readonly answers: AnswerLimits;
}

/** A connection that goes back by `release`. */
export type PooledClient = GuardedClient & Pick<PoolClient, 'release'>;

interface OpenPool {
  readonly version: number;
  readonly pool: Pool;
}

/** The connections of API executions: one bounded pool per version of an endpoint. */
export class Pools {
  private readonly open = new Map<Uuid, OpenPool>();
  private readonly ending = new Set<Promise<void>>();
  private closed = false;

  constructor(private readonly limits: PoolLimits) {}

  /** A connection to give back with `release()`. @throws EdenError ENDPOINT_UNAVAILABLE, ENDPOINT_NOT_ALLOWED */
  async acquire(endpoint: Endpoint): Promise<PooledClient> {
    if (this.closed)
      throw new EdenError('ENDPOINT_UNAVAILABLE', { endpoint_id: endpoint.id, details: 'shutting down' });
    try {
      return (await this.poolOf(endpoint).connect()) as PooledClient;
    } catch (error) {
      throw connectError(endpoint.id, error);
    }
  }

  /** Lets go of the endpoint's pool; executions that are under way finish on it. */
  forget(endpointUuid: Uuid): void {
    const found = this.open.get(endpointUuid);
    if (found === undefined) return;
    this.open.delete(endpointUuid);
    const ended = found.pool.end().finally(() => this.ending.delete(ended));
    this.ending.add(ended);
  }

  /** Resolves when the last connection is closed. */
  async close(): Promise<void> {
    this.closed = true;
    for (const uuid of [...this.open.keys()]) this.forget(uuid);
    await Promise.all(this.ending);
  }

  private poolOf(endpoint: Endpoint): Pool {
    const found = this.open.get(endpoint.uuid);
    if (found?.version === endpoint.version) return found.pool;
    this.forget(endpoint.uuid);
    const pool = this.create(endpoint);
    this.open.set(endpoint.uuid, { version: endpoint.version, pool });
    return pool;
  }

  private create(endpoint: Endpoint): Pool {
    const config = parseConfig(endpoint.config);
    const { connectTimeoutMs, poolWaitMs, poolIdleMs, admission } = this.limits;
    // Statements with a limit of their own have a later bound of their own.
    const answerTimeoutMs = this.limits.answerTimeoutMs + ANSWER_MARGIN_MS;
    const pool = new Pool({
      ...clientConfig(config, { applicationName: EXECUTION_APPLICATION, connectTimeoutMs, answerTimeoutMs, admission }),
      Client: isSeveral(config) ? hostedClientOf(this.limits, endpoint) : clientOf(this.limits),
      verify: (client, done) => void admission.assertElsewhere(client, endpoint).then(() => done(), done),
      max: config.pool_size,
      connectionTimeoutMillis: poolWaitMs,
      idleTimeoutMillis: poolIdleMs,
    });
    // Idle connections that the server closed are removed by the pool itself.
    pool.on('error', () => undefined);
    return pool;
  }
}

/** The pool gives its clients the bound of its own queue; a connection attempt has a shorter one. */
function clientOf({ connectTimeoutMs, answers }: PoolLimits): new () => GuardedClient {
  return class extends GuardedClient {
    constructor(config: ClientConfig = {}) {
      // The pool hides the password from enumeration, and so from the spread.
      super({ ...config, password: config.password, connectionTimeoutMillis: connectTimeoutMs }, answers);
    }
  };
}

function isSeveral(config: PostgresConfig): boolean {
  return hostsOf(config).length > 1 || (config.target_session_attrs ?? 'any') !== 'any';
}

type Connected = (error: Error | null, client?: GuardedClient) => void;

/** As `clientOf`; where it connects to is found out when it does. */
function hostedClientOf(limits: PoolLimits, endpoint: Endpoint): new () => GuardedClient {
  const Hosted = clientOf(limits);
  const connect = Hosted.prototype.connect as (this: GuardedClient) => Promise<unknown>;
  const connectAt = async (client: GuardedClient): Promise<GuardedClient> => {
    const config = parseConfig(endpoint.config);
    Object.assign(client, await findHost(endpoint, config, { applicationName: EXECUTION_APPLICATION, ...limits }));
    await connect.call(client);
    return client;
  };
  Hosted.prototype.connect = function hosted(this: GuardedClient, callback?: Connected) {
    const connected = connectAt(this);
    if (callback === undefined) return connected;
    connected.then(() => callback(null, this), callback);
    return undefined;
  } as GuardedClient['connect'];
  return Hosted;
}
