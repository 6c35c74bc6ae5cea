import {
  SESSION_ATTRS,
  isJsonObject,
  validationError,
  type Issue,
  type JsonObject,
  type JsonValue,
  type SessionAttrs,
} from '@eden/domain';
import { readUrl } from './config-url.js';

export const SSL_MODES = ['disable', 'require', 'verify-ca', 'verify-full'] as const;
export type SslMode = (typeof SSL_MODES)[number];

/** How to reach a database. In the wire spelling, because endpoints store it as it is. */
export type PostgresConfig = {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly username: string;
  readonly password: string;
  readonly ssl_mode: SslMode;
  /** Connections that executions may hold at once, per process. */
  readonly pool_size: number;
  /** Where else the database may be, each as `host` or `host:port`; tried in order, behind `host`. */
  readonly other_hosts?: readonly string[];
  /** Which of the hosts may serve. Default: any that answers. */
  readonly target_session_attrs?: SessionAttrs;
};

/** One address of a database. */
export interface Host {
  readonly host: string;
  readonly port: number;
}

const DEFAULT_PORT = 5432;
const LARGEST_PORT = 65_535;
const MOST_HOSTS = 8;
const HOST = /^(\[[^\]\p{Cc}]+\]|[^\s:,/@\p{Cc}]+)(?::(\d{1,5}))?$/u;

/** All addresses of a config, in the order in which they are tried. */
export function hostsOf({ host, port, other_hosts: others = [] }: PostgresConfig): readonly Host[] {
  return [{ host, port }, ...others.flatMap((other) => readHost(other) ?? [])];
}

function readHost(text: string): Host | null {
  const [, host, port = String(DEFAULT_PORT)] = HOST.exec(text) ?? [];
  if (host === undefined || Number(port) < 1 || Number(port) > LARGEST_PORT) return null;
  return { host: host.replace(/^\[(.*)\]$/, '$1'), port: Number(port) };
}

interface Field {
  readonly default?: JsonValue;
  /** May be missing, and is missing then. */
  readonly optional?: true;
  /** What is wrong with the value, or null. */
  check(value: JsonValue): string | null;
}

/** A line break in a name would be a command to a server that reads lines. */
const CONTROL_CHARACTER = /\p{Cc}/u;

const text: Field = {
  check: (value) => {
    if (typeof value !== 'string' || value === '') return 'must be a non-empty string';
    return CONTROL_CHARACTER.test(value) ? 'must not hold control characters' : null;
  },
};

const FIELDS: Readonly<Record<keyof PostgresConfig, Field>> = {
  host: text,
  port: { default: DEFAULT_PORT, check: wholeNumber(1, LARGEST_PORT) },
  database: text,
  username: text,
  password: { default: '', check: (value) => (typeof value === 'string' ? null : 'must be a string') },
  ssl_mode: { default: 'disable', check: oneOf(SSL_MODES) },
  pool_size: { default: 10, check: wholeNumber(1, 1000) },
  other_hosts: { optional: true, check: checkHosts },
  target_session_attrs: { optional: true, check: oneOf(SESSION_ATTRS) },
};
const NAMES = Object.keys(FIELDS) as readonly (keyof PostgresConfig)[];

/** May stand beside `url`, which says the rest. */
const BESIDE_URL: readonly string[] = ['url', 'pool_size'];

/**
 * Checks `{url, pool_size?}` or the separate fields, and gives the separate fields with their defaults.
 * @throws EdenError VALIDATION_FAILED (paths below `config`)
 */
export function parseConfig(config: JsonObject): PostgresConfig {
  const { fields, issues } = 'url' in config ? fromUrl(config) : { fields: config, issues: [] };
  const wrong = [...issues, ...(issues.length === 0 ? checkFields(fields) : [])];
  if (wrong.length > 0) throw validationError(wrong);
  const all = NAMES.map((name) => [name, fields[name] ?? FIELDS[name].default] as const);
  return Object.fromEntries(all.filter(([, value]) => value !== undefined)) as PostgresConfig;
}

/** The config for people: everything but the password. */
export function describeConfig(config: JsonObject): JsonObject {
  const { password: _, ...visible } = parseConfig(config);
  return visible;
}

function fromUrl(config: JsonObject): { fields: JsonObject; issues: readonly Issue[] } {
  const { url, ...others } = config;
  const extra = Object.keys(config).filter((name) => !BESIDE_URL.includes(name));
  if (extra.length > 0) return { fields: {}, issues: extra.map((name) => issue(name, 'cannot stand beside url')) };
  const { fields, problem } = readUrl(typeof url === 'string' ? url : '');
  return problem === null
    ? { fields: { ...fields, ...others }, issues: [] }
    : { fields, issues: [issue('url', problem)] };
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
  return field.default === undefined && field.optional !== true ? 'is required' : null;
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

function checkHosts(value: JsonValue): string | null {
  const isList = Array.isArray(value) && value.length < MOST_HOSTS;
  if (isList && value.every((each) => typeof each === 'string' && readHost(each) !== null)) return null;
  return `must be a list of fewer than ${MOST_HOSTS} hosts, each as "host" or "host:port"`;
}

function oneOf(allowed: readonly string[]): Field['check'] {
  return (value) => (allowed.includes(String(value)) ? null : `must be one of ${allowed.join(', ')}`);
}
