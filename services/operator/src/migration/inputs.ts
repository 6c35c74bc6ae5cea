import type { Desired, EndpointEntry, SourceEntry, SourceFile } from '@eden/reconcile';
import type { Cluster, ConfigMapContent } from '../kubernetes/cluster.js';
import { Obstacle } from '../reconcile/obstacle.js';
import { readKey } from '../reconcile/connect.js';
import { versionsHash } from '../resources/hashes.js';
import type { ConfigMapRef, EdenMigration, MigrationSpec, SourceSpec } from '../resources/objects.js';

export type InputReader = Pick<Cluster, 'readSecret' | 'readConfigMap'>;

/** The line of releases that an object stands for. */
export function lineOf({ metadata, spec }: EdenMigration): string {
  return spec.migrationId ?? metadata.name;
}

export interface Inputs {
  readonly desired: Desired;
  /** Digest of which versions of which Secrets its endpoints are from. */
  readonly secrets: string;
}

/**
 * What the object wants, with its files and secrets as they are in the cluster now.
 * @throws Obstacle SecretNotFound, ConfigMapNotFound, KeyNotFound, InvalidSpec
 */
export async function inputsOf(cluster: InputReader, migration: EdenMigration): Promise<Inputs> {
  const { metadata, spec } = migration;
  const { namespace } = metadata;
  const sources = await Promise.all((spec.sources ?? []).map((source) => readSource(cluster, namespace, source)));
  assertDifferent(sources);
  const resolved = await Promise.all((spec.endpoints ?? []).map((each) => resolveEndpoint(cluster, namespace, each)));
  const desired = {
    line: lineOf(migration),
    id: undefined,
    description: spec.description,
    endpoints: resolved.map(({ endpoint }) => endpoint),
    templates: [],
    apis: (spec.apis ?? []).map(({ bindings = [], ...api }) => ({ ...api, bindings })),
    sources,
    parameters: spec.parameters ?? {},
    options: optionsOf(spec),
  };
  return { desired, secrets: versionsHash(resolved.flatMap(({ versions }) => versions)) };
}

/** Whoever has the migrating robot's key cannot do without the approval either. */
function optionsOf({ approval, execution = {} }: MigrationSpec): Readonly<Record<string, unknown>> {
  const { atomicity, lockTimeoutMs, maxParallel } = execution;
  const all = { atomicity, lock_timeout_ms: lockTimeoutMs, max_parallel: maxParallel };
  const wanted = approval === 'Manual' ? { approval: true } : {};
  return { ...Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)), ...wanted };
}

type EndpointSpec = NonNullable<MigrationSpec['endpoints']>[number];

interface ResolvedEndpoint {
  readonly endpoint: EndpointEntry;
  /** Of the Secrets that it has values from. */
  readonly versions: readonly string[];
}

async function resolveEndpoint(cluster: InputReader, namespace: string, spec: EndpointSpec): Promise<ResolvedEndpoint> {
  const { id, kind, description, config = {}, configFrom = [] } = spec;
  const secret = await Promise.all(
    configFrom.map(async ({ field, secretKeyRef }) => ({
      field,
      ...(await readKey(cluster, namespace, secretKeyRef)),
    })),
  );
  const values = Object.fromEntries(secret.map(({ field, value }) => [field, value]));
  const words = description === undefined ? {} : { description };
  return {
    endpoint: { id, kind, ...words, config: { ...config, ...values } },
    versions: secret.map(({ version }) => version),
  };
}

async function readSource(cluster: InputReader, namespace: string, spec: SourceSpec): Promise<SourceEntry> {
  const { endpoint, tool, stage, options = {}, configMapRefs } = spec;
  const id = spec.id ?? endpoint;
  const files = (await Promise.all(configMapRefs.map((ref) => readFiles(cluster, namespace, ref)))).flat();
  assertOnce(id, files);
  // The order of a ConfigMap's keys says nothing, and must not change the hash.
  files.sort((a, b) => (a.path < b.path ? -1 : 1));
  const path = configMapRefs.map(({ name }) => `ConfigMap ${name}`).join(', ');
  return { id, endpoint, tool, stage, options, path, files };
}

async function readFiles(
  cluster: InputReader,
  namespace: string,
  { name, items }: ConfigMapRef,
): Promise<SourceFile[]> {
  const found = await cluster.readConfigMap({ namespace, name });
  if (found === null) throw new Obstacle('ConfigMapNotFound', `ConfigMap ${name} is not there`);
  const wanted = items ?? keysOf(found).map((key) => ({ key, path: key }));
  return wanted.map(({ key, path }) => {
    const bytes = bytesOf(found, key);
    if (bytes === null) throw new Obstacle('KeyNotFound', `ConfigMap ${name} has no key ${key}`);
    return { path, bytes };
  });
}

function keysOf({ data, binaryData }: ConfigMapContent): string[] {
  return [...Object.keys(data), ...Object.keys(binaryData)];
}

function bytesOf({ data, binaryData }: ConfigMapContent, key: string): Buffer | null {
  const text = data[key];
  if (text !== undefined) return Buffer.from(text, 'utf8');
  const encoded = binaryData[key];
  return encoded === undefined ? null : Buffer.from(encoded, 'base64');
}

function assertDifferent(sources: readonly SourceEntry[]): void {
  const twice = sources.find(({ id }, index) => sources.findIndex((other) => other.id === id) !== index);
  if (twice === undefined) return;
  throw new Obstacle('InvalidSpec', `two sources are called ${twice.id}: give one of them an id of its own`, true);
}

function assertOnce(source: string, files: readonly SourceFile[]): void {
  const twice = files.find(({ path }, index) => files.findIndex((other) => other.path === path) !== index);
  if (twice === undefined) return;
  throw new Obstacle('InvalidSpec', `source ${source} has ${twice.path} from two ConfigMaps`, true);
}
