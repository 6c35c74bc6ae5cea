/**
 * Connection strings that name several hosts, as libpq takes them (`postgresql://u@h1:5432,h2:5432/db`): one database whose
 * primary is one of them. No URL parser and no driver reads them, so they are taken apart here, once.
 */

/** Which of its hosts may serve: any, one that is no standby, or one whose transactions may write. */
export const SESSION_ATTRS = ['any', 'primary', 'read-write'] as const;
export type SessionAttrs = (typeof SESSION_ATTRS)[number];

export interface HostList {
  /** A connection string for each host, in the order in which they are tried, without `target_session_attrs`. */
  readonly urls: readonly string[];
  readonly sessionAttrs: SessionAttrs;
}

const ATTRS = 'target_session_attrs';
const SCHEMES = ['postgres:', 'postgresql:'];

/** Scheme, credentials with their @, hosts, and the rest. */
const PARTS = /^([a-z]+:\/\/)([^/?#@]*@)?([^/?#]*)(.*)$/is;

/** Null for what is no connection string of PostgreSQL, or names an unknown kind of session. Quotes nothing of it. */
export function readHostList(text: string): HostList | null {
  const [, scheme = '', credentials = '', hosts = '', rest = ''] = PARTS.exec(text) ?? [];
  const names = hosts.split(',');
  if (names.length > 1 && names.includes('')) return null;
  // A socket's directory stands among the parameters, and no host then.
  if (!names.every((host) => isPostgresUrl(`${scheme}${credentials}${host || 'localhost'}${rest}`))) return null;
  const { others, sessionAttrs } = splitQuery(rest);
  if (!isSessionAttrs(sessionAttrs)) return null;
  return { urls: names.map((host) => `${scheme}${credentials}${host}${others}`), sessionAttrs };
}

/** Path and parameters without ours, and ours. */
function splitQuery(rest: string): { readonly others: string; readonly sessionAttrs: string } {
  const [path = '', query = ''] = rest.split('?', 2);
  const params = new URLSearchParams(query);
  const sessionAttrs = params.get(ATTRS) ?? 'any';
  return { others: `${path}${withoutAttrs(query, params)}`, sessionAttrs };
}

function isPostgresUrl(text: string): boolean {
  return URL.canParse(text) && SCHEMES.includes(new URL(text).protocol);
}

function isSessionAttrs(text: string): text is SessionAttrs {
  return (SESSION_ATTRS as readonly string[]).includes(text);
}

/** Parameters among which it is not stay as they were written. */
function withoutAttrs(query: string, params: URLSearchParams): string {
  if (!params.has(ATTRS)) return query === '' ? '' : `?${query}`;
  params.delete(ATTRS);
  return params.size === 0 ? '' : `?${params.toString()}`;
}

/** What EDEN_INSTALLATION may be, which stands in for a host that means another machine wherever it is said. */
export const INSTALLATION_NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/;
