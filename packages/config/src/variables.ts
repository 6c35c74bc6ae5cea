import { createPublicKey } from 'node:crypto';
import { isIP } from 'node:net';
import { ACCESS_LEVELS, INSTALLATION_NAME, readHostList, type AccessLevel } from '@eden/domain';
import { z } from 'zod';

/*
 * Every variable of the project, once: how it is read, and (by `describe`) what it expects, in the words of the error.
 * Values are never part of an error: most of these are secrets.
 */

const AES_256_KEY_BYTES = 32;
const JWT_SECRET_BYTES = 32;
/** The longest delay that Node's timers can wait for: 2^31 - 1 ms. */
const LONGEST_TIMER_MS = 2_147_483_647;

/** A year. */
const LONGEST_SESSION_HOURS = 8760;
/** A hundred years. */
const MOST_DAYS = 36_500;

const port = z.coerce.number().int().min(0).max(65_535);
const durationMs = z.coerce.number().int().min(1).max(LONGEST_TIMER_MS);

/** The driver holds one message in memory at a time, so no bound may be beyond what a process has. */
const LARGEST_RESULT = 1_073_741_823;
const resultBound = z.coerce.number().int().min(1).max(LARGEST_RESULT);

const HOST_LIST = /^[^/@\s,]+:\d+(,[^/@\s,]+:\d+)*$/;

const LARGEST_PORT = 65_535;

function hasPort(host: string): boolean {
  const port = Number(host.slice(host.lastIndexOf(':') + 1));
  return port >= 1 && port <= LARGEST_PORT;
}

function isPercentEncoded(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

/** One server, not a group that fails over. Its path is the number of a database. */
export function isSingleRedis(text: string): boolean {
  if (!URL.canParse(text) || !isPercentEncoded(text)) return false;
  const { protocol, hostname, pathname } = new URL(text);
  return ['redis:', 'rediss:'].includes(protocol) && /^[^,]+$/.test(hostname) && /^\/?\d{0,4}$/.test(pathname);
}

/** Several hosts stand before the first slash, which no URL parser takes. Credentials may precede the hosts. */
function isRedisGroup(text: string): boolean {
  const [, scheme, rest] = /^redis-(sentinel|cluster):\/\/(?:[^@/]*@)?(.+)$/.exec(text) ?? [];
  if (scheme === undefined || rest === undefined || !isPercentEncoded(text)) return false;
  const [hosts = '', name = ''] = rest.split('/');
  return HOST_LIST.test(hosts) && hosts.split(',').every(hasPort) && (scheme === 'sentinel') === (name !== '');
}

function splitUrls(text: string): string[] {
  return text.split(',').map((url) => url.trim());
}

function decodeKey(text: string): Buffer {
  return Buffer.from(text.trim(), 'base64');
}

/** Names that stand for networks wherever a list of networks is read. */
const NAMED_NETWORKS: Readonly<Record<string, readonly string[]>> = {
  loopback: ['127.0.0.0/8', '::1/128'],
  linklocal: ['169.254.0.0/16', 'fe80::/10'],
  uniquelocal: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'],
};

const BITS_OF_FAMILY: Readonly<Record<number, number>> = { 4: 32, 6: 128 };

/** `10.0.0.0/8`, `fd00::/8`, or one address. */
function isNetwork(text: string): boolean {
  const [, address = '', , prefix] = /^([0-9a-fA-F.:]+)(\/(\d{1,3}))?$/.exec(text) ?? [];
  const bits = BITS_OF_FAMILY[isIP(address)];
  return bits !== undefined && Number(prefix ?? bits) <= bits;
}

function splitNetworks(text: string): string[] {
  const networks = text.split(',').map((network) => network.trim());
  return networks.flatMap((network) => NAMED_NETWORKS[network] ?? [network]);
}

const networks = z
  .string()
  .transform(splitNetworks)
  .refine((list) => list.every(isNetwork));
const NETWORKS = 'networks such as 10.0.0.0/8, fd00::/8, loopback, linklocal or uniquelocal, separated by commas';

/** Credentials travel there: without TLS on this machine only. */
function isIssuer(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return protocol === 'https:' || (protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(hostname));
}

function isPublicKey(text: string): boolean {
  try {
    return !text.includes('PRIVATE') && createPublicKey(text).asymmetricKeyType !== undefined;
  } catch {
    return false;
  }
}

/** Groups may hold `=`, levels do not. */
function readLevel(pair: string): readonly [string, AccessLevel] | null {
  const [, group = '', name = ''] = /^(.+)=(\w+)$/.exec(pair.trim()) ?? [];
  const level = ACCESS_LEVELS.find((known) => known === name);
  return level === undefined ? null : [group, level];
}

/** Requests; 0 = as many as come. */
const perMinute = z.coerce.number().int().min(0);

const flag = z
  .enum(['true', 'false'])
  .default('false')
  .transform((text) => text === 'true');

/** A name, `name:port`, or `*.domain` for all that is below it. */
const ALLOWED_HOST = /^(\*\.)?[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:\d{1,5})?$/;

const hosts = z
  .string()
  .transform((text) => text.split(',').map((host) => host.trim()))
  .refine((list) => list.every((host) => ALLOWED_HOST.test(host)));

/** Of Kubernetes (RFC 1123). */
const namespace = z.string().regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/);

const databaseUrl = z.string().refine((text) => readHostList(text)?.urls.every((url) => URL.canParse(url)) === true);

export const VARIABLES = {
  PORT: port.default(8000).describe('a TCP port (0 to 65535)'),
  HOST: z.string().default('0.0.0.0').describe('an address to listen on'),
  METRICS_PORT: port.default(9464).describe('a TCP port (0 to 65535)'),
  DATABASE_URL: databaseUrl.describe(
    'the URL of the control database (postgresql://…, with several hosts postgresql://h1:5432,h2:5432/…?target_session_attrs=read-write)',
  ),
  DATABASE_DIRECT_URL: databaseUrl
    .optional()
    .describe('the URL of the control database (postgresql://…) past the pooler that DATABASE_URL leads to'),
  REDIS_URL: z
    .string()
    .refine((text) => isSingleRedis(text) || isRedisGroup(text))
    .describe('redis://…, rediss://…, redis-sentinel://h1:p1,h2:p2/<master> or redis-cluster://h1:p1,h2:p2'),
  LOCK_REDIS_URLS: z
    .string()
    .transform(splitUrls)
    .refine((urls) => urls.every(isSingleRedis) && urls.length % 2 === 1 && new Set(urls).size === urls.length)
    .optional()
    .describe('an odd number of different redis:// or rediss:// URLs of independent masters, separated by commas'),
  JWT_SECRET: z
    .string()
    .refine((text) => Buffer.byteLength(text) >= JWT_SECRET_BYTES)
    .describe(`at least ${JWT_SECRET_BYTES} bytes`),
  JWT_PUBLIC_KEY: z
    .string()
    .transform((text) => text.replaceAll(String.raw`\n`, '\n'))
    .refine(isPublicKey)
    .optional()
    .describe('the public key of the identity provider in PEM'),
  JWKS_URL: z
    .string()
    .refine((text) => /^https?:/.test(text) && URL.canParse(text))
    .optional()
    .describe("the https:// address of the identity provider's keys"),
  JWT_ISSUER: z
    .string()
    .refine((text) => text !== 'eden-migrations')
    .optional()
    .describe("the issuer (iss) of the identity provider's tokens"),
  JWT_AUDIENCE: z.string().optional().describe('the audience (aud) of tokens that are meant for this service'),
  JWT_CLAIM_ORG: z.string().default('org_id').describe('the name of a claim'),
  JWT_CLAIM_LEVEL: z.string().default('level').describe('the name of a claim'),
  JWT_LEVEL_MAP: z
    .string()
    .transform((text) => text.split(',').map(readLevel))
    .refine((pairs) => pairs.every((pair) => pair !== null))
    .transform((pairs) => new Map(pairs.filter((pair) => pair !== null)))
    .optional()
    .describe('<group>=Read|Write|Admin|SuperAdmin, separated by commas'),
  OIDC_ISSUER: z
    .string()
    .refine(isIssuer)
    .optional()
    .describe('the https:// address of the identity provider that the dashboard logs in at'),
  OIDC_CLIENT_ID: z.string().optional().describe('the id of this service at that provider'),
  OIDC_CLIENT_SECRET: z.string().optional().describe('the secret of this service at that provider'),
  JWT_SECRET_PREVIOUS: z
    .string()
    .refine((text) => Buffer.byteLength(text) >= JWT_SECRET_BYTES)
    .optional()
    .describe(`at least ${JWT_SECRET_BYTES} bytes`),
  RATE_LIMIT_PER_MINUTE: perMinute.default(6_000).describe('requests of one organization (0 = no limit)'),
  EXECUTION_RATE_LIMIT_PER_MINUTE: perMinute.default(0).describe('executions of one organization (0 = no limit)'),
  NEW_ORG_TOKEN: z.string().min(1).describe('the bearer token of POST /api/v1/new'),
  ENCRYPTION_KEY: z
    .string()
    .transform((text) => text.split(',').map(decodeKey))
    .refine((keys) => keys.length <= 2 && keys.every((key) => key.length === AES_256_KEY_BYTES))
    .describe(`${AES_256_KEY_BYTES} bytes in base64, optionally an older key of the same form after a comma`),
  DATABASE_POOL_SIZE: z.coerce
    .number()
    .int()
    .min(1)
    .max(1_000)
    .default(4)
    .describe('a number of connections (1 to 1000)'),
  LOCK_TTL_MS: durationMs.min(1000).default(10_000).describe('milliseconds (at least 1000)'),
  LOCK_TIMEOUT_MS: durationMs.default(30_000).describe('milliseconds (at least 1)'),
  MIGRATE_WAIT_MS: durationMs.default(60_000).describe('milliseconds (at least 1)'),
  MAX_RESULT_BYTES: resultBound.default(8_388_608).describe('bytes (at least 1)'),
  MAX_RESULT_ROWS: resultBound.default(100_000).describe('a number of rows (at least 1)'),
  ENDPOINT_ALLOWED_NETWORKS: networks.default([]).describe(NETWORKS),
  ENDPOINT_ALLOW_LOOPBACK: flag.describe('true or false'),
  ENDPOINT_ALLOW_CONTROL_SERVER: flag.describe('true or false'),
  HTTP_ALLOWED_HOSTS: hosts
    .default([])
    .describe('host names such as api.example.com, flags.internal:8080 or *.example.com, separated by commas'),
  WEBHOOK_ALLOWED_HOSTS: hosts
    .default([])
    .describe('host names such as hooks.slack.com, ci.example.com:8443 or *.example.com, separated by commas'),
  SECRETS_DIR: z
    .string()
    .refine((path) => path.startsWith('/'))
    .optional()
    .describe('an absolute path of a folder'),
  TRUSTED_PROXIES: networks.default(NAMED_NETWORKS['loopback'] as string[]).describe(NETWORKS),
  SESSION_MAX_HOURS: z.coerce
    .number()
    .int()
    .min(1)
    .max(LONGEST_SESSION_HOURS)
    .default(12)
    .describe('hours (1 to 8760)'),
  APPROVAL_BY: z.enum(['another', 'unrelated']).default('another').describe('another or unrelated'),
  RETENTION_DAYS: z.coerce.number().int().min(1).max(MOST_DAYS).default(90).describe('days (at least 1)'),
  AUDIT_RETENTION_DAYS: z.coerce.number().int().min(0).max(MOST_DAYS).default(0).describe('days; 0 = for ever'),
  EDEN_INSTALLATION: z
    .string()
    .regex(INSTALLATION_NAME)
    .optional()
    .describe('a name of letters, digits, _ and - (at most 63)'),
  KUBECONFIG: z.string().optional().describe('the path of a kubeconfig'),
  WATCH_NAMESPACE: namespace.optional().describe('the name of a namespace'),
  POD_NAMESPACE: namespace.default('default').describe('the name of a namespace'),
  OPERATOR_LEASE_MS: durationMs.min(1000).default(15_000).describe('milliseconds (at least 1000)'),
  OPERATOR_RESYNC_MS: durationMs.min(1000).default(60_000).describe('milliseconds (at least 1000)'),
  OPERATOR_RELEASE_TIMEOUT_MS: durationMs.default(60_000).describe('milliseconds (at least 1)'),
  OTEL_EXPORTER_OTLP_ENDPOINT: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('the address of a collector of traces (OTLP over HTTP), such as http://collector:4318'),
  REQUEST_LOG_SHARE: z.coerce.number().min(0).max(1).default(1).describe('a share, from 0 to 1'),
  LOG_LEVEL: z
    .enum(['debug', 'info', 'warn', 'error', 'silent'])
    .default('info')
    .describe('one of debug, info, warn, error, silent'),
} as const;

export type VariableName = keyof typeof VARIABLES;
export type Values<N extends VariableName> = { readonly [K in N]: z.output<(typeof VARIABLES)[K]> };
