import { readHostList } from '@eden/domain';
import type { Values } from './variables.js';

/** A server that this installation itself lives on, as its URL names it. */
export interface OwnServer {
  readonly name: 'control database' | 'Redis';
  readonly host: string;
  readonly port: number;
}

const POSTGRES_PORT = 5432;
const REDIS_PORT = 6379;
const SENTINEL_PORT = 26_379;

type Urls = Values<'DATABASE_URL' | 'DATABASE_DIRECT_URL' | 'REDIS_URL' | 'LOCK_REDIS_URLS'>;

/** Every server that the URLs name. What only sentinels or a cluster could name, their URL does not tell. */
export function ownServers(urls: Urls): readonly OwnServer[] {
  const { DATABASE_URL, DATABASE_DIRECT_URL = DATABASE_URL, REDIS_URL, LOCK_REDIS_URLS = [] } = urls;
  const control = [...new Set([DATABASE_URL, DATABASE_DIRECT_URL])].flatMap((url) => readHostList(url)?.urls ?? []);
  return [...control.flatMap(controlServer), ...[REDIS_URL, ...LOCK_REDIS_URLS].flatMap(redisServers)];
}

/** None when it is reached by a Unix socket, which no endpoint may use. */
function controlServer(text: string): readonly OwnServer[] {
  const url = new URL(text);
  const host = url.searchParams.get('host') ?? hostname(url);
  if (host === '' || host.startsWith('/')) return [];
  return [{ name: 'control database', host, port: Number(url.port || POSTGRES_PORT) }];
}

/** One URL for each host of a group, whose hosts stand before the first slash, behind the credentials. */
function redisServers(text: string): readonly OwnServer[] {
  const [, group, hosts = ''] = /^[^:]+?(-sentinel|-cluster)?:\/\/(?:[^@/]*@)?([^/?#]+)/.exec(text) ?? [];
  const defaultPort = group === '-sentinel' ? SENTINEL_PORT : REDIS_PORT;
  return hosts.split(',').map((host) => {
    const url = new URL(`redis://${host}`);
    return { name: 'Redis', host: hostname(url), port: Number(url.port || defaultPort) };
  });
}

/** IPv6 addresses stand in brackets in a URL, and without them everywhere else. */
function hostname(url: URL): string {
  return decodeURIComponent(url.hostname).replace(/^\[(.*)\]$/, '$1');
}
