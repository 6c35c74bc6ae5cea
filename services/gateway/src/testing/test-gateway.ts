import { loadGatewayConfig } from '@eden/config';
import { createContext } from '../context.js';
import type { Gateway } from '../gateway.js';
import { startGateway } from '../gateway.js';

export const NEW_ORG_TOKEN = 'the token of this installation';
export const JWT_SECRET = 'a secret of at least thirty-two bytes';

/** A gateway in the process of the test, on a free port, composed as in production. */
export interface TestGateway extends Gateway {
  readonly url: string;
  /** Creates an organization; answers the token of its SuperAdmin `root`. */
  createOrganization(id: string): Promise<string>;
}

const ROOT = { username: 'root', password: 'correct horse' };

async function post(url: string, authorization: string, body: object): Promise<{ token?: string }> {
  const headers = { authorization, 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
  return (await response.json()) as { token?: string };
}

async function createOrganization(url: string, id: string): Promise<string> {
  await post(`${url}/api/v1/new`, `Bearer ${NEW_ORG_TOKEN}`, { id, super_admins: [ROOT] });
  const credentials = Buffer.from(`${ROOT.username}:${ROOT.password}`).toString('base64');
  const { token } = await post(`${url}/api/v1/auth/login`, `Basic ${credentials}`, { id });
  return String(token);
}

/** `env` names at least DATABASE_URL and REDIS_URL; everything else has a default for tests. */
export async function startTestGateway(env: Readonly<Record<string, string>>): Promise<TestGateway> {
  const config = loadGatewayConfig({
    JWT_SECRET,
    NEW_ORG_TOKEN,
    ENCRYPTION_KEY: Buffer.alloc(32, 7).toString('base64'),
    HOST: '127.0.0.1',
    PORT: '0',
    LOG_LEVEL: 'silent',
    LOCK_TIMEOUT_MS: '2000',
    ENDPOINT_ALLOW_LOOPBACK: 'true',
    MIGRATE_WAIT_MS: '500',
    ...env,
  });
  const gateway = await startGateway(await createContext(config), config.http);
  const url = `http://127.0.0.1:${gateway.port}`;
  return { ...gateway, url, createOrganization: (id) => createOrganization(url, id) };
}
