type JsonObject = Readonly<Record<string, unknown>>;

/** What of a config is left out of everything that is shown. */
const SECRET = /password|secret|token|headers|authorization|key/i;

/** By every scheme under which the service takes the URL of a database. */
const DEFAULT_PORTS: Readonly<Record<string, number>> = {
  'postgres:': 5432,
  'postgresql:': 5432,
  'mysql:': 3306,
  'mariadb:': 3306,
};

/**
 * Where an endpoint leads, in the form in which the service shows it: a URL in its parts, without what is secret. What
 * the service reads itself (`env:`, `file:`) stays its reference.
 */
export function addressOf(config: JsonObject): JsonObject {
  const { url, ...others } = config;
  const parts = url === undefined ? {} : partsOfText(String(url));
  const entries = Object.entries({ ...parts, ...others }).filter(([name]) => !SECRET.test(name));
  return Object.fromEntries(entries);
}

/** `users@db.example.com:5432/app`, for people. */
export function describeAddress(config: JsonObject): string {
  const { host, port, database, username, base_url: baseUrl, url, other_hosts: others } = config;
  if (host === undefined) return String(baseUrl ?? url ?? 'an address that the service keeps');
  const who = username === undefined ? '' : `${String(username)}@`;
  const first = `${String(host)}${port === undefined ? '' : `:${String(port)}`}`;
  const hosts = [first, ...(Array.isArray(others) ? others.map(String) : [])].join(',');
  return `${who}${hosts}/${String(database ?? '')}`;
}

/** The settings of a config that are other than those the service has; defaults that nobody wrote do not count. */
export function changedSettings(desired: JsonObject, actual: JsonObject): string[] {
  const address = addressOf(desired);
  return Object.keys(address).filter((name) => String(address[name]) !== String(actual[name]));
}

/** Scheme and credentials, the first host, the others, and the rest: no URL parser reads several hosts with ports. */
const HOST_LIST = /^(postgres(?:ql)?:\/\/(?:[^/?#@]*@)?)([^/?#,]*),([^/?#]*)(.*)$/is;

/** What cannot be read is told to the service, which says what is wrong with it; a password may be anywhere in it. */
const UNREADABLE: JsonObject = { url: 'an address that cannot be read' };

function partsOfText(text: string): JsonObject {
  const [, start = '', first = '', others = '', rest = ''] = HOST_LIST.exec(text) ?? [];
  const single = others === '' ? text : `${start}${first}${rest}`;
  if (!URL.canParse(single)) return UNREADABLE;
  return { ...partsOf(new URL(single)), ...(others === '' ? {} : { other_hosts: others.split(',') }) };
}

function partsOf(url: URL): JsonObject {
  const { protocol, hostname, host, port, pathname, username, searchParams } = url;
  const defaultPort = DEFAULT_PORTS[protocol];
  // A reference such as env:NAME parses as a URL without a host.
  if (/^(env|file):$/.test(protocol)) return { url: url.href };
  if (defaultPort === undefined) return host === '' ? UNREADABLE : { url: `${protocol}//${host}${pathname}` };
  const sslMode = searchParams.get('sslmode');
  const attrs = searchParams.get('target_session_attrs') ?? 'any';
  return {
    host: searchParams.get('host') ?? decoded(hostname).replace(/^\[(.*)\]$/, '$1'),
    port: port === '' ? defaultPort : Number(port),
    database: decoded(pathname.slice(1)),
    username: decoded(username),
    ...(sslMode === null ? {} : { ssl_mode: sslMode }),
    ...(attrs === 'any' ? {} : { target_session_attrs: attrs }),
  };
}

/** The service says what is wrong with a stray %. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
