import { createHash } from 'node:crypto';
import { EdenError, canonicalJson } from '@eden/domain';
import type { JsonObject, JsonValue, MigrationOptions, Plan, PlannedDatabase, SourceOptions } from '@eden/domain';
import type { MigrationWork, WorkApi, WorkSource } from './load-work.js';
import { distinctEndpoints } from './load-work.js';

type HashedDatabase = Pick<PlannedDatabase, 'identity' | 'schemaFingerprint' | 'role'>;

/** A folder that is planned without being stored, and what the history held. */
interface HashedFolder {
  readonly id: string;
  readonly tool: string;
  readonly options: SourceOptions;
  /** Of all its files as a whole. */
  readonly digest: string;
  readonly stage: number;
  readonly fingerprint: string;
}

/**
 * The hash a plan is known by: sha256 over everything that decides what the migration will do. Values that exist only
 * at run time (`started_at`, outputs) stand as their names, so that the hash of an unchanged migration stays the same.
 */
export function planHash(
  work: MigrationWork,
  { databases, apis }: { readonly databases: readonly HashedDatabase[]; readonly apis: Plan['apis'] },
): string {
  const { options } = work.migration;
  const histories = apis.flatMap(({ source }) => (source === undefined ? [] : [[source.source, source.fingerprint]]));
  const input: JsonValue = {
    migration: work.migration.uuid,
    parameters: work.migration.parameters,
    options: jsonOf(options),
    apis: work.apis.map((api) => ({ ...apiInput(api), ...(options.approval === true ? definitionInput(api) : {}) })),
    ...(histories.length === 0 ? {} : { histories }),
    databases: databases.map(databaseInput),
  };
  return hashOf(input);
}

interface HashedRequest {
  readonly folders: readonly HashedFolder[];
  /** As they were sent, with the templates that they bind. */
  readonly apis: readonly object[];
  readonly parameters: JsonObject;
  readonly options: MigrationOptions;
  readonly databases: readonly HashedDatabase[];
}

/** The hash of a plan of what is not stored: equal whenever the request and its databases are. */
export function hashOfRequest({ databases, ...sent }: HashedRequest): string {
  return hashOf({ request: jsonOf(sent), databases: databases.map(databaseInput) });
}

/** Files may name the role that runs them, as Flyway's do by a placeholder. */
function databaseInput({ identity, schemaFingerprint, role }: HashedDatabase): JsonValue {
  return [identity.key, schemaFingerprint, role];
}

function hashOf(input: JsonValue): string {
  return createHash('sha256').update(canonicalJson(input)).digest('hex');
}

/** @param changed What is no longer as the plan has it, as a sentence. */
export function planOutOfDate(changed?: string): EdenError {
  return new EdenError('PLAN_OUT_OF_DATE', {
    suggestion: 'Run sync again: what the plan was made of has changed',
    ...(changed === undefined ? {} : { details: changed }),
  });
}

/** What the APIs become: who approves a plan approves that with it. */
function definitionInput({ readerTemplates }: WorkApi): JsonObject {
  return { templates: readerTemplates.map(({ uuid, version }) => [uuid, version]) };
}

function apiInput({ member: { api, membership }, bindings, source, readerEndpoints }: WorkApi): JsonObject {
  return {
    api: api.uuid,
    version: api.schemaVersion,
    stage: membership.stage,
    position: membership.position,
    next: jsonOf(membership.next),
    // Where the API's executions go decides which gates are closed.
    reads: distinctEndpoints(readerEndpoints).map(({ uuid, version }) => [uuid, version]),
    ...(source === null ? {} : { source: sourceInput(source) }),
    bindings: bindings.map(({ binding, template, endpoint }) => ({
      template: [template.uuid, template.version],
      endpoint: [endpoint.uuid, endpoint.version],
      fields: binding.fields,
    })),
  };
}

function sourceInput({ source, endpoint, direction }: WorkSource): JsonValue {
  const { uuid, tool, options, digest } = source;
  return {
    source: [uuid, tool, digest],
    options: jsonOf(options),
    endpoint: [endpoint.uuid, endpoint.version],
    direction,
  };
}

/** Drops `undefined` and class identity: what remains is what was sent. */
function jsonOf(value: unknown): JsonValue {
  return JSON.parse(JSON.stringify(value)) as JsonValue;
}
