import { createHash } from 'node:crypto';
import { EdenError, canonicalJson } from '@eden/domain';
import type { JsonValue, Plan, PlannedDatabase } from '@eden/domain';
import type { MigrationWork, WorkApi, WorkSource } from './load-work.js';
import { distinctEndpoints } from './load-work.js';

type HashedDatabase = Pick<PlannedDatabase, 'identity' | 'schemaFingerprint'>;

/**
 * The hash a plan is known by: sha256 over everything that decides what the migration will do. Values that exist only
 * at run time (`started_at`, outputs) stand as their names, so that the hash of an unchanged migration stays the same.
 */
export function planHash(
  work: MigrationWork,
  { databases, apis }: { readonly databases: readonly HashedDatabase[]; readonly apis: Plan['apis'] },
): string {
  const histories = apis.flatMap(({ source }) => (source === undefined ? [] : [[source.source, source.fingerprint]]));
  const input: JsonValue = {
    migration: work.migration.uuid,
    parameters: work.migration.parameters,
    options: jsonOf(work.migration.options),
    apis: work.apis.map(apiInput),
    ...(histories.length === 0 ? {} : { histories }),
    databases: databases.map((database) => [database.identity.key, database.schemaFingerprint]),
  };
  return createHash('sha256').update(canonicalJson(input)).digest('hex');
}

/** @param changed What is no longer as the plan has it, as a sentence. */
export function planOutOfDate(changed?: string): EdenError {
  return new EdenError('PLAN_OUT_OF_DATE', {
    suggestion: 'Run sync again: what the plan was made of has changed',
    ...(changed === undefined ? {} : { details: changed }),
  });
}

function apiInput({ member: { api, membership }, bindings, source, readerEndpoints }: WorkApi): JsonValue {
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
