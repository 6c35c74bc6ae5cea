import { isJsonObject, validationError, type Issue, type JsonObject, type JsonValue } from '@eden/domain';
import { isHeaderName, isHeaderValue, isSendersHeader } from '@eden/lexers';

/** How to reach a service. In the wire spelling, because endpoints store it as it is. */
export type HttpConfig = {
  /** Paths of templates are put behind it. */
  readonly base_url: string;
  /** Sent with every request; their values are secrets. */
  readonly headers: Readonly<Record<string, string>>;
  /** Longest wait for one answer, from the name's lookup to its last byte. */
  readonly timeout_ms: number;
};

const FIELDS: readonly string[] = ['base_url', 'headers', 'timeout_ms'];
const DEFAULT_TIMEOUT_MS = 10_000;
const LONGEST_TIMEOUT_MS = 600_000;
const MOST_HEADERS = 50;
const LONGEST_VALUE = 8192;

/** Checks `{base_url, headers?, timeout_ms?}` and fills in the defaults. @throws EdenError VALIDATION_FAILED */
export function parseConfig(config: JsonObject): HttpConfig {
  const { base_url: url, headers = {}, timeout_ms: timeoutMs = DEFAULT_TIMEOUT_MS } = config;
  const unknown = Object.keys(config).filter((name) => !FIELDS.includes(name));
  const issues = [
    ...unknown.map((name) => issue(name, 'is not known')),
    ...urlIssues(url),
    ...headerIssues(headers),
    ...timeoutIssues(timeoutMs),
  ];
  if (issues.length > 0) throw validationError(issues);
  return {
    base_url: url as string,
    headers: headers as Readonly<Record<string, string>>,
    timeout_ms: timeoutMs as number,
  };
}

/** The config for people: of the headers their names alone, so that none is taken for a value and written back. */
export function describeConfig(config: JsonObject): JsonObject {
  const { headers } = config;
  const names = isJsonObject(headers) ? Object.keys(headers) : [];
  return { ...config, headers: Object.fromEntries(names.map((name) => [name, null])) };
}

/** As it stands before the paths of requests: without a slash at its end. */
export function baseOf({ base_url: written }: HttpConfig): string {
  const { origin, pathname } = new URL(written);
  return `${origin}${pathname.replace(/\/+$/, '')}`;
}

function urlIssues(value: JsonValue | undefined): readonly Issue[] {
  const problem = value === undefined ? 'is required' : urlProblem(value);
  return problem === null ? [] : [issue('base_url', problem)];
}

/** Never quotes the value: a password may stand in it. */
function urlProblem(value: JsonValue): string | null {
  const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) return 'must be a URL: https://host/path';
  const { username, password, search, hash, pathname } = url;
  if (username + password !== '') return 'holds no user and no password: write them as a header (Authorization)';
  if (search + hash !== '') return 'has no query and no fragment';
  return pathname.includes('//') ? 'must not hold //' : null;
}

function headerIssues(headers: JsonValue): readonly Issue[] {
  if (!isJsonObject(headers)) return [issue('headers', 'must be an object of names and values')];
  const names = Object.keys(headers);
  if (names.length > MOST_HEADERS) return [issue('headers', `must not be more than ${MOST_HEADERS}`)];
  const lower = names.map((name) => name.toLowerCase());
  return names.flatMap((name, at) => {
    const isTwice = lower.indexOf(name.toLowerCase()) !== at;
    const problem = isTwice ? 'is there twice' : headerProblem(name, headers[name]);
    return problem === null ? [] : [issue(`headers.${name}`, problem)];
  });
}

/** Never quotes the value. */
function headerProblem(name: string, value: JsonValue | undefined): string | null {
  if (!isHeaderName(name)) return 'is no name of a header';
  if (isSendersHeader(name) || name.toLowerCase() === 'content-type') return 'is set for each request by itself';
  if (typeof value !== 'string' || value === '') return 'must be a non-empty string';
  if (!isHeaderValue(value)) return 'must be one line of ASCII, without spaces around it';
  return value.length > LONGEST_VALUE ? `must not be longer than ${LONGEST_VALUE} characters` : null;
}

function timeoutIssues(value: JsonValue): readonly Issue[] {
  const isFine = Number.isInteger(value) && Number(value) >= 1 && Number(value) <= LONGEST_TIMEOUT_MS;
  return isFine ? [] : [issue('timeout_ms', `must be a whole number from 1 to ${LONGEST_TIMEOUT_MS}`)];
}

function issue(name: string, message: string): Issue {
  return { path: `config.${name}`, message };
}
