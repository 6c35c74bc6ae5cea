import type { DetectedSource } from '@eden/sources';

/** One source as `eden init` would write it. */
export interface Proposal {
  readonly tool: DetectedSource['tool'];
  readonly path: string;
  readonly files: number;
  readonly evidence: string;
  /** Also the id of the source, of the first where there are several. */
  readonly endpoint: string;
  /** Of the environment: where the URL of the database is found. */
  readonly variable: string;
  /** Other tools that the folder looks like. */
  readonly alternatives: readonly DetectedSource['tool'][];
}

/** Names that say nothing of what the database is for. */
const GENERIC: ReadonlySet<string> = new Set(
  (
    'app apps application backend changelog changelogs cmd database databases db drizzle flyway goose internal java kotlin ' +
    'liquibase lib libs main migration migrations packages pkg prisma resources schema server service services sql src'
  ).split(' '),
);
const LONGEST_ID = 63;

/** One proposal for each folder; names come from the path, and are unique. */
export function propose(found: readonly DetectedSource[], project: string): Proposal[] {
  const taken = new Set<string>();
  const paths = [...new Set(found.map(({ path }) => path))];
  return paths.flatMap((path) => {
    const [first, ...others] = found.filter((source) => source.path === path);
    if (first === undefined) return [];
    const endpoint = uniqueName(nameOf(path, project), taken);
    taken.add(endpoint);
    const alternatives = others.map(({ tool }) => tool);
    return [{ ...first, endpoint, variable: variableOf(endpoint), alternatives }];
  });
}

/** `USERS_DATABASE_URL` */
export function variableOf(endpoint: string): string {
  return `${endpoint.toUpperCase().replace(/[^A-Z0-9]+/g, '_')}_DATABASE_URL`;
}

/** An id of letters, digits, `_` and `-`, whatever a folder is called. */
export function idOf(text: string): string {
  const id = text
    .replace(/[^A-Za-z0-9_-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+|-+$/g, '')
    .slice(0, LONGEST_ID);
  return id === '' ? 'main' : id;
}

/** The innermost part of the path that means something; else what the project is called. */
function nameOf(path: string, project: string): string {
  const parts = path.split('/').filter((part) => part !== '.' && !GENERIC.has(part.toLowerCase()));
  return idOf(parts.at(-1) ?? project);
}

/** The name itself, or with the first number behind it that makes it another. */
export function uniqueName(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name;
  for (let number = 2; ; number += 1) if (!taken.has(`${name}-${number}`)) return `${name}-${number}`;
}
