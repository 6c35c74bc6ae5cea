import { constants, closeSync, fstatSync, openSync, readSync, realpathSync } from 'node:fs';
import { join, sep } from 'node:path';
import { isJsonObject, validationError, type Issue, type JsonObject, type JsonValue, type Uuid } from '@eden/domain';

/*
 * Secrets that lie with the service instead of in the control database: `env:NAME` and `file:PATH` in a config. Each
 * organization has its own, by name and by folder, so that none can name another's, or the service's own.
 */

export interface SecretPlaces {
  /** Of this process. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** SECRETS_DIR: the folder with one folder for each organization, named by its uuid. */
  readonly dir: string | undefined;
}

/** A config whose references have been read. */
export interface Resolved {
  readonly config: JsonObject;
  readonly problems: readonly Issue[];
}

type Read = { readonly value: string } | { readonly problem: string };

const REFERENCE = /^(env|file):(.*)$/s;
const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,127}$/;
const LARGEST_FILE = 65_536;

export class SecretReferences {
  constructor(private readonly places: SecretPlaces) {}

  /** Each reference with what it leads to now; those that lead to nothing are named in `problems`, never a value. */
  resolve(config: JsonObject, organizationUuid: Uuid): Resolved {
    const problems: Issue[] = [];
    const resolved = this.resolveIn(config, 'config', (value, path) => {
      const read = this.read(value, organizationUuid);
      if ('value' in read) return read.value;
      problems.push({ path, message: `${value}: ${read.problem}` });
      return value;
    });
    return { config: resolved, problems };
  }

  /** Also of what stands in an object of the config, as headers do. */
  private resolveIn(fields: JsonObject, path: string, read: (reference: string, path: string) => string): JsonObject {
    const entries = Object.entries(fields).map(([name, value]): readonly [string, JsonValue] => {
      const own = `${path}.${name}`;
      if (isJsonObject(value)) return [name, this.resolveIn(value, own, read)];
      return [name, isReference(value) ? read(value, own) : value];
    });
    return Object.fromEntries(entries);
  }

  private read(reference: string, organizationUuid: Uuid): Read {
    const [, scheme, name = ''] = REFERENCE.exec(reference) ?? [];
    return scheme === 'env' ? this.readVariable(name, organizationUuid) : this.readFile(name, organizationUuid);
  }

  private readVariable(name: string, organizationUuid: Uuid): Read {
    if (!NAME.test(name)) return { problem: 'a name has letters, digits and _ only' };
    const variable = `EDEN_SECRET_${organizationUuid.replaceAll('-', '')}_${name}`;
    const value = this.places.env[variable];
    return value === undefined || value === ''
      ? { problem: `the service has no ${variable} in its environment` }
      : { value };
  }

  private readFile(path: string, organizationUuid: Uuid): Read {
    const { dir } = this.places;
    if (dir === undefined) return { problem: 'the service has no SECRETS_DIR' };
    const isPlain = path !== '' && !path.startsWith('/') && !path.includes('\0') && !path.split('/').includes('..');
    if (!isPlain) return { problem: `must be a path below SECRETS_DIR/${organizationUuid}, without ..` };
    try {
      return { value: readBelow(join(dir, organizationUuid), path) };
    } catch (error) {
      return { problem: `not readable below SECRETS_DIR/${organizationUuid} (${reasonOf(error)})` };
    }
  }
}

/** The references of a config, where they stand in it, and nothing else of it. They are no secrets themselves. */
export function referencesOf(config: JsonObject): JsonObject {
  const entries = Object.entries(config).flatMap(([name, value]): readonly (readonly [string, JsonValue])[] => {
    if (isReference(value)) return [[name, value]];
    const inside = isJsonObject(value) ? referencesOf(value) : {};
    return Object.keys(inside).length === 0 ? [] : [[name, inside]];
  });
  return Object.fromEntries(entries);
}

const withReferences = new WeakMap<JsonObject, boolean>();

/** The same object is looked through once. */
export function hasReferences(config: JsonObject): boolean {
  const known = withReferences.get(config) ?? Object.keys(referencesOf(config)).length > 0;
  withReferences.set(config, known);
  return known;
}

/** A config with references in place of what they lead to. */
export function withReferencesIn(config: JsonObject, references: JsonObject): JsonObject {
  const entries = Object.entries(references).map(([name, reference]): readonly [string, JsonValue] => {
    const inside = config[name];
    if (!isJsonObject(reference)) return [name, reference];
    return [name, withReferencesIn(isJsonObject(inside) ? inside : {}, reference)];
  });
  return { ...config, ...Object.fromEntries(entries) };
}

export function assertResolved({ config, problems }: Resolved): JsonObject {
  if (problems.length > 0) throw validationError(problems);
  return config;
}

function isReference(value: unknown): value is string {
  return typeof value === 'string' && REFERENCE.test(value);
}

/** Links are followed inside of the folder, as Kubernetes makes them, and never out of it. @throws Error */
function readBelow(folder: string, path: string): string {
  const root = realpathSync(folder);
  const file = realpathSync(join(root, path));
  if (!file.startsWith(`${root}${sep}`)) throw new Error('it leads out of it');
  // A pipe would be waited for.
  const opened = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    if (!fstatSync(opened).isFile()) throw new Error('it is no file');
    const bytes = Buffer.alloc(LARGEST_FILE + 1);
    const length = readSync(opened, bytes);
    if (length > LARGEST_FILE) throw new Error(`it has more than ${LARGEST_FILE} bytes`);
    return bytes.toString('utf8', 0, length).replace(/\r?\n$/, '');
  } finally {
    closeSync(opened);
  }
}

/** Without the path that Node's messages tell. */
function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code ?? message;
}
