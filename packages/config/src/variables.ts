import { isIP } from 'node:net';
import { readHostList } from '@eden/domain';
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

const flag = z
  .enum(['true', 'false'])
  .default('false')
  .transform((text) => text === 'true');

export const VARIABLES = {
  PORT: port.default(8000).describe('a TCP port (0 to 65535)'),
  HOST: z.string().default('0.0.0.0').describe('an address to listen on'),
  METRICS_PORT: port.default(9464).describe('a TCP port (0 to 65535)'),
  DATABASE_URL: z
    .string()
    .refine((text) => readHostList(text)?.urls.every((url) => URL.canParse(url)) === true)
    .describe(
      'the URL of the control database (postgresql://…, with several hosts postgresql://h1:5432,h2:5432/…?target_session_attrs=read-write)',
    ),
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
  NEW_ORG_TOKEN: z.string().min(1).describe('the bearer token of POST /api/v1/new'),
  ENCRYPTION_KEY: z
    .string()
    .transform((text) => text.split(',').map(decodeKey))
    .refine((keys) => keys.length <= 2 && keys.every((key) => key.length === AES_256_KEY_BYTES))
    .describe(`${AES_256_KEY_BYTES} bytes in base64, optionally an older key of the same form after a comma`),
  LOCK_TTL_MS: durationMs.min(1000).default(10_000).describe('milliseconds (at least 1000)'),
  LOCK_TIMEOUT_MS: durationMs.default(30_000).describe('milliseconds (at least 1)'),
  MIGRATE_WAIT_MS: durationMs.default(60_000).describe('milliseconds (at least 1)'),
  MAX_RESULT_BYTES: resultBound.default(8_388_608).describe('bytes (at least 1)'),
  MAX_RESULT_ROWS: resultBound.default(100_000).describe('a number of rows (at least 1)'),
  ENDPOINT_ALLOWED_NETWORKS: networks.default([]).describe(NETWORKS),
  ENDPOINT_ALLOW_LOOPBACK: flag.describe('true or false'),
  ENDPOINT_ALLOW_CONTROL_SERVER: flag.describe('true or false'),
  TRUSTED_PROXIES: networks.default(NAMED_NETWORKS['loopback'] as string[]).describe(NETWORKS),
  SESSION_MAX_HOURS: z.coerce
    .number()
    .int()
    .min(1)
    .max(LONGEST_SESSION_HOURS)
    .default(12)
    .describe('hours (1 to 8760)'),
  RETENTION_DAYS: z.coerce.number().int().min(1).max(MOST_DAYS).default(90).describe('days (at least 1)'),
  EDEN_INSTALLATION: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/)
    .optional()
    .describe('a name of letters, digits, _ and - (at most 63)'),
  LOG_LEVEL: z
    .enum(['debug', 'info', 'warn', 'error', 'silent'])
    .default('info')
    .describe('one of debug, info, warn, error, silent'),
} as const;

export type VariableName = keyof typeof VARIABLES;
export type Values<N extends VariableName> = { readonly [K in N]: z.output<(typeof VARIABLES)[K]> };
