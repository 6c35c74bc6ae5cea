type JsonObject = Readonly<Record<string, unknown>>;

/** What of a config is left out of everything that is shown. */
const SECRET = /password|secret|token|headers|authorization|key/i;

const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'postgres:': 5432, 'postgresql:': 5432, 'mysql:': 3306 };

/**
 * Where an endpoint leads, in the form in which the service shows it: a URL in its parts, without what is secret. What
 * the service reads itself (`env:`, `file:`) stays its reference.
 */
export function addressOf(config: JsonObject): JsonObject {
  const { url, ...others } = config;
  const parts =
    typeof url === 'string' && URL.canParse(url) ? partsOf(new URL(url)) : { ...(url === undefined ? {} : { url }) };
  const entries = Object.entries({ ...parts, ...others }).filter(([name]) => !SECRET.test(name));
  return Object.fromEntries(entries);
}

/** `users@db.example.com:5432/app`, for people. */
export function describeAddress(config: JsonObject): string {
  const { host, port, database, username, base_url: baseUrl, url } = config;
  if (host === undefined) return String(baseUrl ?? url ?? 'an address that the service keeps');
  const who = username === undefined ? '' : `${String(username)}@`;
  return `${who}${String(host)}${port === undefined ? '' : `:${String(port)}`}/${String(database ?? '')}`;
}

/** The settings of a config that are other than those the service has; defaults that nobody wrote do not count. */
export function changedSettings(desired: JsonObject, actual: JsonObject): string[] {
  const address = addressOf(desired);
  return Object.keys(address).filter((name) => String(address[name]) !== String(actual[name]));
}

function partsOf(url: URL): JsonObject {
  const { protocol, hostname, host, port, pathname, username, searchParams } = url;
  const defaultPort = DEFAULT_PORTS[protocol];
  // A reference such as env:NAME parses as a URL without a host.
  if (defaultPort === undefined) return { url: host === '' ? url.href : `${protocol}//${host}${pathname}` };
  const sslMode = searchParams.get('sslmode');
  return {
    host: searchParams.get('host') ?? hostname.replace(/^\[(.*)\]$/, '$1'),
    port: port === '' ? defaultPort : Number(port),
    database: decoded(pathname.slice(1)),
    username: decoded(username),
    ...(sslMode === null ? {} : { ssl_mode: sslMode }),
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
