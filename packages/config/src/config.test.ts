import { generateKeyPairSync } from 'node:crypto';
import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { ConfigError, loadDeployConfig, loadGatewayConfig, loadWorkerConfig } from './index.js';

const KEY = Buffer.alloc(32, 7).toString('base64');
const OLD_KEY = Buffer.alloc(32, 8).toString('base64');

const ENV = {
  DATABASE_URL: 'postgresql://eden:hidden-password@db:5432/eden',
  REDIS_URL: 'redis://:hidden-password@redis:6379',
  JWT_SECRET: 'hidden-'.repeat(5),
  NEW_ORG_TOKEN: 'hidden-token',
  ENCRYPTION_KEY: KEY,
};

function messageOf(env: Record<string, string | undefined>, load: (env: never) => unknown = loadGatewayConfig): string {
  try {
    load(env as never);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as Error).message;
  }
  throw new Error('the environment was accepted');
}

describe('the gateway config', () => {
  it('fills in the documented defaults', () => {
    expect(loadGatewayConfig(ENV)).toMatchObject({
      http: { host: '0.0.0.0', port: 8000 },
      locks: { ttlMs: 10_000, timeoutMs: 30_000 },
      results: { maxBytes: 8 * 1024 * 1024, maxRows: 100_000 },
      migrateWaitMs: 60_000,
      logLevel: 'info',
    });
    expect(loadGatewayConfig(ENV).secrets.lockRedisUrls).toEqual([ENV.REDIS_URL]);
  });

  it('reads numbers and lists', () => {
    const masters = 'redis://a:1, redis://b:2,rediss://c:3';
    const config = loadGatewayConfig({ ...ENV, PORT: '9001', LOCK_TTL_MS: '1500', LOCK_REDIS_URLS: masters });
    expect(config.http.port).toBe(9001);
    expect(config.locks.ttlMs).toBe(1500);
    expect(config.secrets.lockRedisUrls).toEqual(['redis://a:1', 'redis://b:2', 'rediss://c:3']);
  });

  it('needs no JWT_SECRET beside an identity provider: what signs follows from the encryption key', () => {
    const provider = { JWKS_URL: 'https://id.example/keys', JWT_ISSUER: 'https://id.example', JWT_AUDIENCE: 'eden' };
    const secretsOf = (env: object) => {
      const { jwtSecret, jwtSecretPrevious } = loadGatewayConfig({ ...ENV, ...provider, ...env }).secrets;
      return { jwtSecret, jwtSecretPrevious };
    };
    const [before, after] = [Buffer.alloc(32, 1).toString('base64'), Buffer.alloc(32, 2).toString('base64')];
    const [old, both] = [before, `${after},${before}`].map((key) => secretsOf({ JWT_SECRET: '', ENCRYPTION_KEY: key }));
    expect(old).toEqual({ jwtSecret: expect.stringMatching(/^.{44}$/), jwtSecretPrevious: undefined });
    expect(old?.jwtSecret).not.toBe(before);
    expect(both?.jwtSecretPrevious).toBe(old?.jwtSecret);
    expect(both?.jwtSecret).not.toBe(old?.jwtSecret);
    expect(secretsOf({ ENCRYPTION_KEY: `${after},${before}` })).toEqual({
      jwtSecret: ENV.JWT_SECRET,
      jwtSecretPrevious: undefined,
    });
    expect(messageOf({ ...ENV, ...provider, JWT_SECRET: 'hidden-but-short' })).toMatch(/^JWT_SECRET is not valid/);
    expect(messageOf({ ...ENV, JWT_SECRET: '', NEW_ORG_TOKEN: '' })).toMatch(
      /^NEW_ORG_TOKEN is missing.*JWT_SECRET is missing/,
    );
  });

  it('takes an identity provider whole or not at all', () => {
    const provider = { JWKS_URL: 'https://id.example/keys', JWT_ISSUER: 'https://id.example', JWT_AUDIENCE: 'eden' };
    expect(loadGatewayConfig(ENV).identityProvider).toBeNull();
    const mapped = { ...provider, JWT_CLAIM_ORG: 'tenant', JWT_LEVEL_MAP: '/ops=Admin, cn=dev=Write' };
    expect(loadGatewayConfig({ ...ENV, ...mapped }).identityProvider).toEqual({
      jwksUrl: 'https://id.example/keys',
      issuer: 'https://id.example',
      audience: 'eden',
      organizationClaim: 'tenant',
      levelClaim: 'level',
      levels: new Map([
        ['/ops', 'Admin'],
        ['cn=dev', 'Write'],
      ]),
    });
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const [pem, secret] = [
      publicKey.export({ type: 'spki', format: 'pem' }),
      privateKey.export({ type: 'pkcs8', format: 'pem' }),
    ];
    const oneLine = { ...provider, JWKS_URL: '', JWT_PUBLIC_KEY: String(pem).replaceAll('\n', String.raw`\n`) };
    expect(loadGatewayConfig({ ...ENV, ...oneLine }).identityProvider?.publicKey).toBe(pem);
    expect(messageOf({ ...ENV, ...provider, JWT_ISSUER: '' })).toMatch(/^JWT_ISSUER is missing/);
    expect(messageOf({ ...ENV, ...provider, JWT_AUDIENCE: '' })).toMatch(/^JWT_AUDIENCE is missing/);
    expect(messageOf({ ...ENV, ...provider, JWT_ISSUER: 'eden-migrations' })).toMatch(/^JWT_ISSUER /);
    expect(messageOf({ ...ENV, ...provider, JWT_PUBLIC_KEY: String(pem) })).toMatch(/both set/);
    expect(messageOf({ ...ENV, ...oneLine, JWT_PUBLIC_KEY: String(secret) })).toMatch(/^JWT_PUBLIC_KEY is not valid/);
    for (const map of ['ops', 'ops=admin', 'ops=Admin,', '=Admin']) {
      expect(messageOf({ ...ENV, ...provider, JWT_LEVEL_MAP: map })).toMatch(/^JWT_LEVEL_MAP /);
    }
  });

  it('reads where endpoints may lead, and which servers are its own', () => {
    const config = loadGatewayConfig({
      ...ENV,
      REDIS_URL: 'redis-sentinel://:p%40w@a:1,b:2/main',
      LOCK_REDIS_URLS: 'rediss://user:pw@[fd00::1]',
      ENDPOINT_ALLOWED_NETWORKS: '10.0.0.0/8, fd12::/16,203.0.113.7',
      ENDPOINT_ALLOW_LOOPBACK: 'true',
    });
    expect(config.reach).toEqual({
      allowedNetworks: ['10.0.0.0/8', 'fd12::/16', '203.0.113.7'],
      allowLoopback: true,
      allowControlServer: false,
      ownServers: [
        { name: 'control database', host: 'db', port: 5432 },
        { name: 'Redis', host: 'a', port: 1 },
        { name: 'Redis', host: 'b', port: 2 },
        { name: 'Redis', host: 'fd00::1', port: 6379 },
      ],
    });
    expect(loadGatewayConfig(ENV).reach).toMatchObject({ allowedNetworks: [], allowLoopback: false });
  });

  it('knows the control database by the host in its parameters, and no address behind a socket', () => {
    const serversOf = (url: string) => loadWorkerConfig({ ...ENV, DATABASE_URL: url }).reach.ownServers;
    expect(serversOf('postgresql://eden@localhost/eden?host=db.example')[0]).toMatchObject({
      host: 'db.example',
      port: 5432,
    });
    expect(serversOf('postgresql://eden@localhost/eden?host=/run/postgresql').map(({ name }) => name)).toEqual([
      'Redis',
    ]);
  });

  it('knows every host of the control database, each of which endpoints must not lead to', () => {
    const DATABASE_URL = 'postgresql://eden@db1.example:6432,[fd00::2]/eden?target_session_attrs=read-write';
    expect(loadWorkerConfig({ ...ENV, DATABASE_URL }).reach.ownServers.slice(0, 2)).toEqual([
      { name: 'control database', host: 'db1.example', port: 6432 },
      { name: 'control database', host: 'fd00::2', port: 5432 },
    ]);
  });

  it('knows the control database on both sides of its pooler, and none twice', () => {
    const past = { ...ENV, DATABASE_URL: 'postgresql://eden@pooler:6432/eden' };
    const hostsOf = (url: string) =>
      loadWorkerConfig({ ...past, DATABASE_DIRECT_URL: url }).reach.ownServers.flatMap(({ name, host }) =>
        name === 'control database' ? [host] : [],
      );
    expect(hostsOf('postgresql://eden@db.example/eden')).toEqual(['pooler', 'db.example']);
    expect(hostsOf(past.DATABASE_URL)).toEqual(['pooler']);
    expect(hostsOf('')).toEqual(['pooler']);
  });

  it('trusts proxies on this machine, or those that are named', () => {
    expect(loadGatewayConfig(ENV).trustedProxies).toEqual(['127.0.0.0/8', '::1/128']);
    const named = loadGatewayConfig({ ...ENV, TRUSTED_PROXIES: 'linklocal,192.0.2.1' });
    expect(named.trustedProxies).toEqual(['169.254.0.0/16', 'fe80::/10', '192.0.2.1']);
  });

  it('reads a second, older encryption key after a comma', () => {
    const { encryptionKeys } = loadGatewayConfig({ ...ENV, ENCRYPTION_KEY: `${KEY},${OLD_KEY}` }).secrets;
    expect(encryptionKeys).toEqual([Buffer.alloc(32, 7), Buffer.alloc(32, 8)]);
  });

  it.each(Object.keys(ENV))('says in one line that %s is missing, also when it is empty', (name) => {
    const message = messageOf({ ...ENV, [name]: ' ' });
    expect(message).toMatch(new RegExp(`^${name} is missing, expected [^\n;]+$`));
    expect(messageOf({ ...ENV, [name]: undefined })).toBe(message);
  });

  it.each([
    ['PORT', '65536'],
    ['PORT', 'http'],
    ['DATABASE_URL', 'mysql://db/hidden'],
    ['DATABASE_URL', 'hidden'],
    ['DATABASE_DIRECT_URL', 'hidden'],
    ['DATABASE_URL', 'postgresql://hidden,/eden'],
    ['DATABASE_URL', 'postgresql://hidden/eden?target_session_attrs=standby'],
    ['REDIS_URL', 'http://redis'],
    ['REDIS_URL', 'redis-sentinel://a:1,b:2'],
    ['REDIS_URL', 'redis://a,redis://b'],
    ['REDIS_URL', 'redis://redis/hidden'],
    ['REDIS_URL', 'redis://:%zz@redis'],
    ['REDIS_URL', 'redis-sentinel://a:99999/main'],
    ['REDIS_URL', 'redis-cluster://a:1/0'],
    ['LOCK_REDIS_URLS', 'redis://a:1,redis://b:2'],
    ['LOCK_REDIS_URLS', 'redis://a:1,redis://a:1,redis://a:1'],
    ['LOCK_REDIS_URLS', 'redis-cluster://a:1'],
    ['JWT_SECRET', 'hidden-but-short'],
    ['ENCRYPTION_KEY', Buffer.alloc(31).toString('base64')],
    ['ENCRYPTION_KEY', `${KEY},${KEY},${KEY}`],
    ['LOCK_TIMEOUT_MS', '0'],
    ['MAX_RESULT_BYTES', '0'],
    ['MAX_RESULT_ROWS', '1e12'],
    ['LOCK_TIMEOUT_MS', '1.5'],
    ['MIGRATE_WAIT_MS', '9999999999'],
    ['LOG_LEVEL', 'loud'],
    ['ENDPOINT_ALLOWED_NETWORKS', '10.0.0.0/33'],
    ['ENDPOINT_ALLOWED_NETWORKS', 'hidden.example'],
    ['ENDPOINT_ALLOW_LOOPBACK', 'yes'],
    ['TRUSTED_PROXIES', 'everybody'],
    ['SESSION_MAX_HOURS', '0'],
  ])('refuses %s=%s by name and without its value', (name, value) => {
    const message = messageOf({ ...ENV, [name]: value });
    expect(message).toMatch(new RegExp(`^${name} is not valid, expected [^\n;]+$`));
    expect(message).not.toContain('hidden');
  });

  it('names everything that is wrong in the same line', () => {
    const message = messageOf({ ...ENV, JWT_SECRET: 'x', PORT: '-1' });
    expect(message).toContain('JWT_SECRET is not valid');
    expect(message).toContain('PORT is not valid');
    expect(message).not.toContain('\n');
  });

  it.each([
    'rediss://redis',
    'redis://:p%40w@redis:6380/3',
    'redis-sentinel://a:1,b:2/main',
    'redis-cluster://user:pw@a:1,b:2',
  ])('accepts %s for the queue', (url) => {
    const config = loadGatewayConfig({ ...ENV, REDIS_URL: url, LOCK_REDIS_URLS: 'redis://a' });
    expect(config.secrets.redisUrl).toBe(url);
  });

  it('wants lock masters named when REDIS_URL is a group that fails over', () => {
    expect(messageOf({ ...ENV, REDIS_URL: 'redis-sentinel://a:1,b:2/main' })).toMatch(/^LOCK_REDIS_URLS is missing/);
  });

  it('never prints its secrets', () => {
    const config = loadGatewayConfig(ENV);
    expect(JSON.stringify(config)).not.toContain('hidden');
    expect(inspect(config, { depth: 9 })).not.toContain('hidden');
    expect(String(config.secrets)).not.toContain('hidden');
  });
});

describe('the other configs', () => {
  it('asks a worker for nothing that only the gateway needs', () => {
    const { DATABASE_URL, REDIS_URL, ENCRYPTION_KEY } = ENV;
    const config = loadWorkerConfig({ DATABASE_URL, REDIS_URL, ENCRYPTION_KEY, METRICS_PORT: '0' });
    expect(config.operations).toEqual({ host: '0.0.0.0', port: 0 });
    expect(config.secrets.databaseUrl).toBe(DATABASE_URL);
  });

  it('keeps history for 90 days, or as many as it is told', () => {
    expect(loadWorkerConfig(ENV).retentionDays).toBe(90);
    expect(loadWorkerConfig({ ...ENV, RETENTION_DAYS: '7' }).retentionDays).toBe(7);
    for (const days of ['0', '-1', '1.5', 'x']) {
      expect(messageOf({ ...ENV, RETENTION_DAYS: days }, loadWorkerConfig)).toMatch(/^RETENTION_DAYS .*days/);
    }
    expect(loadWorkerConfig(ENV).auditRetentionDays).toBe(0);
    expect(loadWorkerConfig({ ...ENV, AUDIT_RETENTION_DAYS: '400' }).auditRetentionDays).toBe(400);
    expect(messageOf({ ...ENV, AUDIT_RETENTION_DAYS: '-1' }, loadWorkerConfig)).toMatch(/^AUDIT_RETENTION_DAYS .*days/);
  });

  it('asks a deployment for the database only', () => {
    expect(loadDeployConfig({ DATABASE_URL: ENV.DATABASE_URL }).secrets.databaseUrl).toBe(ENV.DATABASE_URL);
    expect(messageOf({}, loadDeployConfig)).toMatch(/^DATABASE_URL is missing/);
  });
});
