import { createHash } from 'node:crypto';
import {
  EdenError,
  validationError,
  type Endpoint,
  type JsonObject,
  type TargetAdapter,
  type Uuid,
} from '@eden/domain';
import {
  assertResolved,
  hasReferences,
  referencesOf,
  withReferencesIn,
  type SecretReferences,
} from './secret-references.js';

/** May stand beside a URL that is a reference, whatever the kind says of it: the URL itself is not known. */
const BESIDE_URL: readonly string[] = ['url', 'pool_size'];

/**
 * A kind of target whose configs may say where a secret is instead of the secret. It is read anew whenever the endpoint is
 * used; when it has changed, what was opened with the one before is let go of. The kind itself knows of no references.
 */
export function withReferences(adapter: TargetAdapter, secrets: SecretReferences): TargetAdapter {
  const used = new Map<Uuid, string>();
  const known = (endpoint: Endpoint): Endpoint => {
    if (!hasReferences(endpoint.config)) return endpoint;
    const { config, problems } = secrets.resolve(endpoint.config, endpoint.organizationUuid);
    const [problem] = problems;
    if (problem !== undefined) throw notReadable(endpoint, `${problem.path}: ${problem.message}`);
    const digest = digestOf(config);
    // Its pools, by which nobody waits.
    if ((used.get(endpoint.uuid) ?? digest) !== digest) void adapter.forget(endpoint.uuid);
    used.set(endpoint.uuid, digest);
    return { ...endpoint, config };
  };
  return {
    kind: adapter.kind,
    capabilities: adapter.capabilities,
    parseConfig: (config) => adapter.parseConfig(config),
    describeConfig: (config) => describeConfig(adapter, config),
    analyze: (statement, context) => adapter.analyze(statement, context),
    withoutConcurrently: (text) => adapter.withoutConcurrently(text),
    inspect: async (endpoint) => adapter.inspect(known(endpoint)),
    survey: async (endpoint) => adapter.survey(known(endpoint)),
    describeSchema: async (endpoint) => adapter.describeSchema(known(endpoint)),
    estimateRows: async (endpoint, statement) => adapter.estimateRows(known(endpoint), statement),
    install: async (endpoint, migrationUuid) => adapter.install(known(endpoint), migrationUuid),
    openExecution: async (endpoint, options) => adapter.openExecution(known(endpoint), options),
    readBeside: async (endpoint, options, read) => adapter.readBeside?.(known(endpoint), options, read) ?? null,
    renewIdentity: async (endpoint, shared) => adapter.renewIdentity(known(endpoint), shared),
    identify: async (endpoint) => adapter.identify(known(endpoint)),
    withProof: async (endpoint, work) => adapter.withProof(known(endpoint), work),
    findProof: async (endpoint, proof) => adapter.findProof(known(endpoint), proof),
    openParticipant: async (endpoint, spec) => adapter.openParticipant(known(endpoint), spec),
    openOutside: async (endpoint, spec) => adapter.openOutside(known(endpoint), spec),
    openSettlement: async (endpoint) => adapter.openSettlement(known(endpoint)),
    forget: async (endpointUuid) => {
      used.delete(endpointUuid);
      await adapter.forget(endpointUuid);
    },
    close: () => adapter.close(),
  };
}

/** Checked as it is now, stored as it was written. @throws EdenError VALIDATION_FAILED */
export function checkConfig(
  adapter: TargetAdapter,
  secrets: SecretReferences,
  { config, organizationUuid }: { readonly config: JsonObject; readonly organizationUuid: Uuid },
): JsonObject {
  const references = referencesOf(config);
  const parsed = adapter.parseConfig(assertResolved(secrets.resolve(config, organizationUuid)));
  if (references['url'] === undefined) return withReferencesIn(parsed, references);
  const extra = Object.keys(config).filter((name) => !BESIDE_URL.includes(name));
  if (extra.length > 0) {
    throw validationError(extra.map((name) => ({ path: `config.${name}`, message: 'cannot stand beside url' })));
  }
  return config;
}

function describeConfig(adapter: TargetAdapter, config: JsonObject): JsonObject {
  const references = referencesOf(config);
  if (references['url'] !== undefined) return config;
  return withReferencesIn(adapter.describeConfig(config), references);
}

function notReadable({ id }: Endpoint, details: string): EdenError {
  return new EdenError('ENDPOINT_UNAVAILABLE', { endpoint_id: id, details });
}

function digestOf(config: JsonObject): string {
  return createHash('sha256').update(JSON.stringify(config)).digest('base64');
}
