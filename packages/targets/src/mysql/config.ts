import { validationError, type Issue, type JsonObject, type JsonValue } from '@eden/domain';

export const SSL_MODES = ['disable', 'require', 'verify-ca', 'verify-full'] as const;
export type SslMode = (typeof SSL_MODES)[number];

/** How to reach a database. In the wire spelling, because endpoints store it as it is. */
export type MysqlConfig = {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly username: string;
  readonly password: string;
  readonly ssl_mode: SslMode;
  /** Connections that executions may hold at once, per process. */
  readonly pool_size: number;
};

interface Field {
  readonly default?: JsonValue;
  /** What is wrong with the value, or null. */
  check(value: JsonValue): string | null;
}

const DEFAULT_PORT = 3306;
const LARGEST_PORT = 65_535;
const CONTROL_CHARACTER = /\p{Cc}/u;

const text: Field = {
  check: (value) => {
    if (typeof value !== 'string' || value === '') return 'must be a non-empty string';
    return CONTROL_CHARACTER.test(value) ? 'must not hold control characters' : null;
  },
};

const FIELDS: Readonly<Record<keyof MysqlConfig, Field>> = {
  host: text,
  port: { default: DEFAULT_PORT, check: wholeNumber(1, LARGEST_PORT) },
  database: text,
  username: text,
  password: { default: '', check: (value) => (typeof value === 'string' ? null : 'must be a string') },
  ssl_mode: { default: 'disable', check: oneOf(SSL_MODES) },
  pool_size: { default: 10, check: wholeNumber(1, 1000) },
};
const NAMES = Object.keys(FIELDS) as readonly (keyof MysqlConfig)[];

/** May stand beside `url`, which says the rest. */
const BESIDE_URL: readonly string[] = ['url', 'pool_size'];

/**
 * Checks `{url, pool_size?}` or the separate fields, and gives the separate fields with their defaults.
 * @throws EdenError VALIDATION_FAILED (paths below `config`)
 */
export function parseConfig(config: JsonObject): MysqlConfig {
  const { fields, issues } = 'url' in config ? fromUrl(config) : { fields: config, issues: [] };
  const wrong = [...issues, ...(issues.length === 0 ? checkFields(fields) : [])];
  if (wrong.length > 0) throw validationError(wrong);
  return Object.fromEntries(NAMES.map((name) => [name, fields[name] ?? FIELDS[name].default])) as MysqlConfig;
}

/** The config for people: everything but the password. */
export function describeConfig(config: JsonObject): JsonObject {
  const { password: _, ...visible } = parseConfig(config);
  return visible;
}

interface ReadFields {
  readonly fields: JsonObject;
  readonly issues: readonly Issue[];
}

function fromUrl({ url, ...others }: JsonObject): ReadFields {
  const extra = Object.keys(others).filter((name) => !BESIDE_URL.includes(name));
  if (extra.length > 0) return { fields: {}, issues: extra.map((name) => issue(name, 'cannot stand beside url')) };
  const read = readUrl(typeof url === 'string' ? url : '');
  return typeof read === 'string'
    ? { fields: {}, issues: [issue('url', read)] }
    : { fields: { ...read, ...others }, issues: [] };
}

/** The fields that a URL gives, or what is wrong with it, without quoting it. */
function readUrl(written: string): JsonObject | string {
  const url = URL.canParse(written) ? new URL(written) : null;
  if (url === null || !/^(mysql|mariadb):$/.test(url.protocol))
    return 'must be a URL: mariadb://user:password@host:port/database, or mysql://…';
  const unknown = [...url.searchParams.keys()].find((name) => name !== 'sslmode');
  if (unknown !== undefined) return `parameter "${unknown}" is not supported`;
  try {
    return fieldsOf(url);
  } catch (error) {
    if (error instanceof URIError) return 'holds a % that is not an escape';
    throw error;
  }
}

function fieldsOf(url: URL): JsonObject {
  const all: readonly (readonly [string, string])[] = [
    ['host', decodeURIComponent(url.hostname).replace(/^\[(.*)\]$/, '$1')],
    ['database', decodeURIComponent(url.pathname.slice(1))],
    ['username', decodeURIComponent(url.username)],
    ['password', decodeURIComponent(url.password)],
    ['ssl_mode', url.searchParams.get('sslmode') ?? ''],
  ];
  const given = Object.fromEntries(all.filter(([, value]) => value !== ''));
  return url.port === '' ? given : { ...given, port: Number(url.port) };
}

function checkFields(fields: JsonObject): Issue[] {
  const unknown = Object.keys(fields).filter((name) => !(NAMES as readonly string[]).includes(name));
  const wrong = NAMES.map((name) => [name, problemOf(FIELDS[name], fields[name])] as const);
  return [
    ...unknown.map((name) => issue(name, 'is not known')),
    ...wrong.flatMap(([name, problem]) => (problem === null ? [] : [issue(name, problem)])),
  ];
}

function problemOf(field: Field, value: JsonValue | undefined): string | null {
  if (value !== undefined) return field.check(value);
  return field.default === undefined ? 'is required' : null;
}

function issue(name: string, message: string): Issue {
  return { path: `config.${name}`, message };
}

function wholeNumber(least: number, most: number): Field['check'] {
  return (value) =>
    Number.isInteger(value) && Number(value) >= least && Number(value) <= most
      ? null
      : `must be a whole number from ${least} to ${most}`;
}

function oneOf(allowed: readonly string[]): Field['check'] {
  return (value) => (allowed.includes(String(value)) ? null : `must be one of ${allowed.join(', ')}`);
}
