import { EdenError, type Endpoint, type Uuid } from '@eden/domain';
import { Client, Pool, type ClientConfig, type PoolClient } from 'pg';
import type { Admission } from './admission.js';
import { parseConfig } from './config.js';
import { clientConfig, ignoreIdleLoss } from './connect.js';
import { connectError } from './errors.js';
import { EXECUTION_APPLICATION } from './names.js';

export interface PoolLimits {
  readonly connectTimeoutMs: number;
  /** How long an execution waits for its turn when all connections are taken: by readers at a gate, for example. */
  readonly poolWaitMs: number;
  readonly poolIdleMs: number;
  readonly admission: Admission;
}

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
  async acquire(endpoint: Endpoint): Promise<PoolClient> {
    if (this.closed)
      throw new EdenError('ENDPOINT_UNAVAILABLE', { endpoint_id: endpoint.id, details: 'shutting down' });
    try {
      return await this.poolOf(endpoint).connect();
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
    const pool = new Pool({
      ...clientConfig(config, { applicationName: EXECUTION_APPLICATION, connectTimeoutMs, admission }),
      Client: boundedClient(connectTimeoutMs),
      verify: (client, done) => void admission.assertElsewhere(client, endpoint).then(() => done(), done),
      max: config.pool_size,
      connectionTimeoutMillis: poolWaitMs,
      idleTimeoutMillis: poolIdleMs,
    });
    // Idle connections that the server closed are removed by the pool itself.
    pool.on('error', () => undefined);
    pool.on('connect', ignoreIdleLoss);
    return pool;
  }
}

/** The pool gives its clients the bound of its own queue; a connection attempt has a shorter one. */
function boundedClient(connectTimeoutMs: number): new () => Client {
  return class extends Client {
    constructor(config?: ClientConfig) {
      // The pool hides the password from enumeration, and so from the spread.
      super({ ...config, password: config?.password, connectionTimeoutMillis: connectTimeoutMs });
    }
  };
}
