import { execFile } from 'node:child_process';
import { dirname } from 'node:path';
import { namedPlace } from '@eden/sources';
import type { SourceEntry } from '../file/schema.js';

type Tool = Exclude<SourceEntry['tool'], 'auto'>;

/** How a tool is asked whether anything is pending. */
interface StatusCall {
  readonly program: string;
  readonly args: readonly string[];
  /** Beside the environment that eden has; credentials go this way, where other users of the machine cannot see them. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** What the tool says when nothing is. */
  readonly content: RegExp;
}

export interface ToolStatus {
  readonly state: 'content' | 'not content' | 'not installed' | 'cannot say';
  /** What it has said. */
  readonly text: string;
}

const TIMEOUT_MS = 60_000;

type Options = NonNullable<SourceEntry['options']>;

/** What a tool looks at. */
interface Looked {
  readonly folder: string;
  readonly url: string;
  readonly options: Options;
}

/** Options without which a tool sees something else than the service does. */
const TELLING = ['table', 'schema', 'placeholders', 'to'] as const;

/** Which of those each tool can be told. */
const TOLD: Readonly<Record<Tool, readonly (typeof TELLING)[number][]>> = {
  dbmate: ['table', 'schema'],
  goose: ['table', 'schema'],
  prisma: ['schema'],
  flyway: ['table', 'schema', 'placeholders'],
  'node-pg-migrate': ['table', 'schema'],
  'golang-migrate': [],
  drizzle: [],
  liquibase: [],
};

/** Null for tools that have no command for it, or none that their folder suffices for. */
const STATUS_CALLS: Readonly<Record<Tool, ((looked: Looked) => StatusCall) | null>> = {
  dbmate: ({ folder, url, options }) => ({
    program: 'dbmate',
    args: [
      '-d',
      folder,
      '--no-dump-schema',
      ...flag('--migrations-table', inOneName(options, 'schema_migrations')),
      'status',
    ],
    env: { DATABASE_URL: asTheServiceConnects(url) },
    cwd: folder,
    content: /Pending: 0\b/,
  }),
  goose: ({ folder, url, options }) => ({
    program: 'goose',
    args: ['-dir', folder, ...flag('-table', inOneName(options, 'goose_db_version')), 'status'],
    env: { GOOSE_DRIVER: 'postgres', GOOSE_DBSTRING: url },
    cwd: folder,
    content: /^(?![^]*\bPending\b)/,
  }),
  prisma: ({ folder, url, options }) => ({
    program: 'prisma',
    args: ['migrate', 'status'],
    env: { DATABASE_URL: withParameters(url, { schema: options.schema }) },
    // Beside prisma/, where the tool looks for its schema.
    cwd: dirname(dirname(folder)),
    content: /Database schema is up to date/,
  }),
  flyway: ({ folder, url, options }) => ({
    program: 'flyway',
    args: ['validate'],
    env: flywayEnvironment(folder, url, options),
    cwd: folder,
    content: /Successfully validated/,
  }),
  'node-pg-migrate': ({ folder, url, options }) => ({
    program: 'node-pg-migrate',
    args: ['up', '-m', folder, ...nodePgMigratePlace(options), '--dry-run'],
    env: { DATABASE_URL: url },
    cwd: folder,
    content: /No migrations to run/,
  }),
  'golang-migrate': null,
  drizzle: null,
  liquibase: null,
};

function flag(name: string, value: string | undefined): string[] {
  return value === undefined ? [] : [name, value];
}

/** The history with its schema, where the options say anything of either. */
function inOneName(options: Options, usual: string): string | undefined {
  const { schema, table } = namedPlace(options);
  return schema === undefined ? table : `${schema}.${table ?? usual}`;
}

function nodePgMigratePlace(options: Options): string[] {
  const { schema, table } = namedPlace(options);
  return [...flag('-t', table), ...flag('--migrations-schema', schema)];
}

/** What cannot be handed to the tool, for people; empty: the tool sees what the service sees. */
function untoldOf(tool: Tool, options: Options): string[] {
  const untold = TELLING.filter((name) => options[name] !== undefined && !TOLD[tool].includes(name));
  // It puts the name into its SQL as it is.
  const isOdd = tool === 'goose' && !/^[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)?$/.test(inOneName(options, 'x') ?? 'x');
  // They travel as names of variables.
  const odd = tool === 'flyway' ? Object.keys(options.placeholders ?? {}).filter((name) => !/^\w+$/.test(name)) : [];
  return [...untold, ...(isOdd ? ['table'] : []), ...odd.map((name) => `placeholders.${name}`)];
}

/** Where a URL says nothing of TLS the service goes without; dbmate would insist on it. */
function asTheServiceConnects(url: string): string {
  return new URL(url).searchParams.has('sslmode') ? url : withParameters(url, { sslmode: 'disable' });
}

function withParameters(url: string, parameters: Readonly<Record<string, string | undefined>>): string {
  const address = new URL(url);
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) address.searchParams.set(name, value);
  }
  return address.href;
}

function flywayEnvironment(folder: string, url: string, options: Options): Record<string, string> {
  const { schema, table } = namedPlace(options);
  const placeholders = Object.entries(options.placeholders ?? {});
  const { host, pathname, username, password } = new URL(url);
  return {
    FLYWAY_URL: `jdbc:postgresql://${host}${pathname}`,
    FLYWAY_USER: decoded(username),
    FLYWAY_PASSWORD: decoded(password),
    FLYWAY_LOCATIONS: `filesystem:${folder}`,
    ...(table !== undefined && { FLYWAY_TABLE: table }),
    ...(schema !== undefined && { FLYWAY_DEFAULT_SCHEMA: schema }),
    ...Object.fromEntries(placeholders.map(([name, value]) => [`FLYWAY_PLACEHOLDERS_${name.toUpperCase()}`, value])),
  };
}

/** Asks the tool's own program, found on the PATH, and never changes anything. */
export async function askTool(
  tool: Tool,
  { env, ...looked }: Looked & { readonly env: NodeJS.ProcessEnv },
): Promise<ToolStatus> {
  const { url, options: settings } = looked;
  const call = STATUS_CALLS[tool]?.(looked);
  if (call === undefined)
    return { state: 'cannot say', text: `${tool} has no command for its status that its folder suffices for` };
  const untold = untoldOf(tool, settings);
  if (untold.length > 0)
    return { state: 'cannot say', text: `${tool} cannot be told of ${untold.join(', ')}: it would see something else` };
  return new Promise((resolve) => {
    const options = { cwd: call.cwd, env: { ...env, ...call.env }, timeout: TIMEOUT_MS };
    execFile(call.program, [...call.args], options, (error, stdout, stderr) => {
      const text = withoutUrl(`${stdout}${stderr}`.trim(), url);
      if ((error as NodeJS.ErrnoException | null)?.code === 'ENOENT') {
        resolve({ state: 'not installed', text: `${call.program} is not on the PATH` });
      } else resolve({ state: error === null && call.content.test(text) ? 'content' : 'not content', text });
    });
  });
}

/** Of a URL; a percent sign that encodes nothing stands for itself. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** A tool that fails may repeat what it was told. */
function withoutUrl(text: string, url: string): string {
  const { password } = new URL(url);
  const secrets = [url, password, decoded(password)].filter((secret) => secret !== '');
  return secrets.reduce((shown, secret) => shown.replaceAll(secret, '…'), text);
}
