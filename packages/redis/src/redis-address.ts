/** Where a Redis is, in each of the forms that REDIS_URL may have. */
export type RedisAddress = SingleAddress | SentinelAddress | ClusterAddress;

interface Access {
  readonly username?: string;
  readonly password?: string;
  readonly tls: boolean;
}

export interface HostPort {
  readonly host: string;
  readonly port: number;
}

export interface SingleAddress extends Access, HostPort {
  readonly kind: 'single';
  readonly database: number;
}

export interface SentinelAddress extends Access {
  readonly kind: 'sentinel';
  readonly sentinels: readonly HostPort[];
  /** Name under which the sentinels know the master. */
  readonly master: string;
}

export interface ClusterAddress extends Access {
  readonly kind: 'cluster';
  readonly nodes: readonly HostPort[];
}

const REDIS_PORT = 6379;
const SENTINEL_PORT = 26379;
const ADDRESS =
  /^redis(?<tls>s?)(?:-(?<kind>sentinel|cluster))?:\/\/(?:(?<access>[^@/]*)@)?(?<hosts>[^@/?#]+)(?:\/(?<path>[^/?#]*))?(?:\?.*)?$/;
const HOST = /^(?:\[(?<ipv6>[0-9a-fA-F:.]+)\]|(?<name>[^:,[\]\s]+))(?::(?<port>\d{1,5}))?$/;

/**
 * Parses `redis://`, `rediss://` (TLS), `redis-sentinel://h1:p1,h2:p2/<master>` and `redis-cluster://h1:p1,h2:p2`, each
 * with `user:password@` before the hosts. Special characters in a password are percent-encoded.
 * @throws RangeError that says what is expected and repeats nothing of the text, which may hold a password
 */
export function parseRedisAddress(text: string): RedisAddress {
  const parts = ADDRESS.exec(text)?.groups;
  if (parts === undefined) throw invalid('is not of the form redis[s][-sentinel|-cluster]://[user:password@]host:port');
  const access = parseAccess(parts['access'], parts['tls'] === 's');
  const [hosts, path = ''] = [parts['hosts'] ?? '', parts['path']];
  if (parts['kind'] === 'sentinel') return { ...access, ...parseSentinels(hosts, path) };
  if (parts['kind'] === 'cluster') return { ...access, ...parseNodes(hosts, path) };
  return { kind: 'single', ...access, ...parseHost(hosts, REDIS_PORT), database: parseDatabase(path) };
}

function parseSentinels(hosts: string, path: string): Omit<SentinelAddress, keyof Access> {
  if (path === '') throw invalid('names no master after the sentinels');
  return { kind: 'sentinel', sentinels: parseHosts(hosts, SENTINEL_PORT), master: decode(path) };
}

function parseNodes(hosts: string, path: string): Omit<ClusterAddress, keyof Access> {
  if (path !== '') throw invalid('names a database, which a cluster does not have');
  return { kind: 'cluster', nodes: parseHosts(hosts, REDIS_PORT) };
}

function parseAccess(access: string | undefined, tls: boolean): Access {
  if (access === undefined || access === '') return { tls };
  const [, username = '', password] = /^([^:]*)(?::(.*))?$/.exec(access) ?? [];
  return {
    tls,
    ...(username === '' ? {} : { username: decode(username) }),
    ...(password === undefined ? {} : { password: decode(password) }),
  };
}

function parseHosts(hosts: string, defaultPort: number): readonly HostPort[] {
  return hosts.split(',').map((host) => parseHost(host, defaultPort));
}

function parseHost(text: string, defaultPort: number): HostPort {
  const { ipv6, name, port } = HOST.exec(text)?.groups ?? {};
  const host = ipv6 ?? name;
  if (host === undefined) throw invalid('has a host that is none');
  return { host, port: parsePort(port ?? String(defaultPort)) };
}

function parsePort(text: string): number {
  const port = Number(text);
  if (port < 1 || port > 65_535) throw invalid('has a port that is none');
  return port;
}

function parseDatabase(path: string): number {
  if (!/^\d{0,4}$/.test(path)) throw invalid('has a database that is not a number');
  return Number(path);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalid('has a part that is not percent-encoded');
  }
}

function invalid(what: string): RangeError {
  return new RangeError(`the Redis address ${what}`);
}
