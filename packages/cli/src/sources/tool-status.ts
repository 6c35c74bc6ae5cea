import { execFile } from 'node:child_process';
import { dirname } from 'node:path';
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

/** Null for tools that have no command for it, or none that their folder suffices for. */
const STATUS_CALLS: Readonly<Record<Tool, ((folder: string, url: string) => StatusCall) | null>> = {
  dbmate: (folder, url) => ({
    program: 'dbmate',
    args: ['-d', folder, '--no-dump-schema', 'status'],
    env: { DATABASE_URL: url },
    cwd: folder,
    content: /Pending: 0\b/,
  }),
  goose: (folder, url) => ({
    program: 'goose',
    args: ['-dir', folder, 'status'],
    env: { GOOSE_DRIVER: 'postgres', GOOSE_DBSTRING: url },
    cwd: folder,
    content: /^(?![^]*\bPending\b)/,
  }),
  prisma: (folder, url) => ({
    program: 'prisma',
    args: ['migrate', 'status'],
    env: { DATABASE_URL: url },
    // Beside prisma/, where the tool looks for its schema.
    cwd: dirname(dirname(folder)),
    content: /Database schema is up to date/,
  }),
  flyway: (folder, url) => ({
    program: 'flyway',
    args: ['validate'],
    env: flywayEnvironment(folder, url),
    cwd: folder,
    content: /Successfully validated/,
  }),
  'node-pg-migrate': (folder, url) => ({
    program: 'node-pg-migrate',
    args: ['up', '-m', folder, '--dry-run'],
    env: { DATABASE_URL: url },
    cwd: folder,
    content: /No migrations to run/,
  }),
  'golang-migrate': null,
  drizzle: null,
  liquibase: null,
};

function flywayEnvironment(folder: string, url: string): Record<string, string> {
  const { host, pathname, username, password } = new URL(url);
  return {
    FLYWAY_URL: `jdbc:postgresql://${host}${pathname}`,
    FLYWAY_USER: decodeURIComponent(username),
    FLYWAY_PASSWORD: decodeURIComponent(password),
    FLYWAY_LOCATIONS: `filesystem:${folder}`,
  };
}

/** Asks the tool's own program, found on the PATH, and never changes anything. */
export async function askTool(
  tool: Tool,
  { folder, url, env }: { readonly folder: string; readonly url: string; readonly env: NodeJS.ProcessEnv },
): Promise<ToolStatus> {
  const call = STATUS_CALLS[tool]?.(folder, url);
  if (call === undefined)
    return { state: 'cannot say', text: `${tool} has no command for its status that its folder suffices for` };
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

/** A tool that fails may repeat what it was told. */
function withoutUrl(text: string, url: string): string {
  const { password } = new URL(url);
  const secrets = [url, password, decodeURIComponent(password)].filter((secret) => secret !== '');
  return secrets.reduce((shown, secret) => shown.replaceAll(secret, '…'), text);
}
