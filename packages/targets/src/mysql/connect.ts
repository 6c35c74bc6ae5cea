import type { Endpoint } from '@eden/domain';
import type { ConnectionOptions, SslOptions } from 'mysql2';
import type { AnswerLimits } from '../answer-limits.js';
import type { Reach } from '../reach/reach.js';
import { parseConfig, type MysqlConfig } from './config.js';
import { connectError } from './errors.js';
import { GuardedSession } from './guard/guarded-session.js';
import { setUpSession } from './session-settings.js';

/** When TCP starts to ask whether a silent peer is still there. */
const TCP_KEEP_ALIVE_MS = 10_000;

export interface SessionOptions {
  readonly connectTimeoutMs: number;
  readonly reach: Reach;
  /** What statements may answer. */
  readonly answers: AnswerLimits;
}

/** A session with our settings. @throws EdenError ENDPOINT_UNAVAILABLE, ENDPOINT_NOT_ALLOWED */
export async function connect(endpoint: Endpoint, options: SessionOptions): Promise<GuardedSession> {
  const { connectTimeoutMs, answers } = options;
  try {
    const config = driverConfig(parseConfig(endpoint.config), options);
    const session = await GuardedSession.open(config, answers, connectTimeoutMs);
    try {
      await setUpSession(session, endpoint, connectTimeoutMs);
      return session;
    } catch (error) {
      session.sever();
      throw error;
    }
  } catch (error) {
    throw connectError(endpoint.id, error);
  }
}

/** What the driver needs. */
function driverConfig(config: MysqlConfig, { reach }: SessionOptions): ConnectionOptions {
  return {
    host: config.host,
    port: config.port,
    database: config.database,
    user: config.username,
    password: config.password,
    charset: 'utf8mb4',
    ...tlsOptions(config),
    stream: () => {
      const socket = reach.socket();
      socket.setKeepAlive(true, TCP_KEEP_ALIVE_MS);
      socket.setNoDelay(true);
      return socket.connect(config.port, config.host);
    },
    // The guard has its own bound.
    connectTimeout: 0,
    supportBigNumbers: true,
  };
}

/** libpq's meanings: `require` encrypts only, `verify-ca` checks the chain, `verify-full` the host name as well. */
function tlsOptions({ ssl_mode: mode }: MysqlConfig): { ssl?: SslOptions } {
  switch (mode) {
    case 'disable':
      return {};
    case 'require':
      return { ssl: { rejectUnauthorized: false } };
    case 'verify-ca':
      return { ssl: { rejectUnauthorized: true, verifyIdentity: false } };
    case 'verify-full':
      return { ssl: { rejectUnauthorized: true, verifyIdentity: true } };
  }
}
