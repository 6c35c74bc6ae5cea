import type { JsonObject } from '@eden/domain';

/** What a connection URL says, in the names of the separate fields; or what is wrong with it, without quoting it. */
export interface ReadUrl {
  readonly fields: JsonObject;
  readonly problem: string | null;
}

const PROTOCOLS = ['postgres:', 'postgresql:'];

/** `postgresql://user:password@host:port/database?sslmode=…`; a socket's directory as `?host=/path`. */
export function readUrl(text: string): ReadUrl {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !PROTOCOLS.includes(url.protocol))
    return wrong('must be a URL: postgresql://user:password@host:port/database');
  const unknown = [...url.searchParams.keys()].find((name) => name !== 'sslmode' && name !== 'host');
  if (unknown !== undefined) return wrong(`parameter "${unknown}" is not supported`);
  try {
    return { fields: fieldsOf(url), problem: null };
  } catch (error) {
    if (error instanceof URIError) return wrong('holds a % that is not an escape');
    throw error;
  }
}

function fieldsOf(url: URL): JsonObject {
  const all: readonly (readonly [string, string])[] = [
    ['host', url.searchParams.get('host') ?? hostname(url)],
    ['database', decodeURIComponent(url.pathname.slice(1))],
    ['username', decodeURIComponent(url.username)],
    ['password', decodeURIComponent(url.password)],
    ['ssl_mode', url.searchParams.get('sslmode') ?? ''],
  ];
  const given = Object.fromEntries(all.filter(([, value]) => value !== ''));
  return url.port === '' ? given : { ...given, port: Number(url.port) };
}

/** IPv6 addresses stand in brackets in a URL, and without them everywhere else. */
function hostname(url: URL): string {
  return decodeURIComponent(url.hostname).replace(/^\[(.*)\]$/, '$1');
}

function wrong(problem: string): ReadUrl {
  return { fields: {}, problem };
}
