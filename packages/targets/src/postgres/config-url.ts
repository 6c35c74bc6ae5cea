import { SESSION_ATTRS, readHostList, type HostList, type JsonObject } from '@eden/domain';

/** What a connection URL says, in the names of the separate fields; or what is wrong with it, without quoting it. */
export interface ReadUrl {
  readonly fields: JsonObject;
  readonly problem: string | null;
}

/**
 * `postgresql://user:password@host:port/database?sslmode=…`; a socket's directory as `?host=/path`. Several hosts stand
 * between commas, with `target_session_attrs` for which of them may serve.
 */
export function readUrl(text: string): ReadUrl {
  const list = readHostList(text);
  const [first = ''] = list?.urls ?? [];
  const url = URL.canParse(first) ? new URL(first) : null;
  if (list === null || url === null)
    return wrong(
      `must be a URL: postgresql://user:password@host:port/database, with several hosts host1:port,host2:port, and target_session_attrs one of ${SESSION_ATTRS.join(', ')}`,
    );
  const unknown = [...url.searchParams.keys()].find((name) => name !== 'sslmode' && name !== 'host');
  if (unknown !== undefined) return wrong(`parameter "${unknown}" is not supported`);
  try {
    return { fields: { ...fieldsOf(url), ...hostsOf(list) }, problem: null };
  } catch (error) {
    if (error instanceof URIError) return wrong('holds a % that is not an escape');
    throw error;
  }
}

/** What one URL does not say. */
function hostsOf({ urls, sessionAttrs }: HostList): JsonObject {
  const others = urls.slice(1).map((text) => new URL(text).host);
  return {
    ...(others.length === 0 ? {} : { other_hosts: others }),
    ...(sessionAttrs === 'any' ? {} : { target_session_attrs: sessionAttrs }),
  };
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
