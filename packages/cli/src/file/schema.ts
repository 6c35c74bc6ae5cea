import { SOURCE_TOOLS } from '@eden/sources';
import { z } from 'zod';
import { idOfSource } from '../sources/id-of-source.js';

const id = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$/, 'must be letters, digits, "_", "." and "-", 128 at most')
  .describe('Letters, digits, "_", "." and "-"; unique in the organization');
const sourceId = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/, 'must be letters, digits, "_" and "-", 63 at most');
const description = z.string();
const anyObject = z.record(z.string(), z.json());

/** A secret is never written here: `env:NAME` is read where eden runs, `secret:NAME` where the service runs. */
const SECRET_HINT = 'The value itself, env:NAME (read where eden runs and sent) or secret:NAME (read by the service)';
const valueOrReference = z.string().describe(SECRET_HINT);

const endpointSchema = z
  .strictObject({
    kind: z.enum(['Postgres', 'MySQL', 'Http']),
    description: description.optional(),
    url: valueOrReference.optional(),
    host: valueOrReference.optional(),
    port: z.int().min(1).max(65_535).optional(),
    database: valueOrReference.optional(),
    username: valueOrReference.optional(),
    password: valueOrReference.optional(),
    ssl_mode: z.enum(['disable', 'require', 'verify-ca', 'verify-full']).optional(),
    pool_size: z.int().min(1).max(1000).optional(),
    other_hosts: z.array(valueOrReference).optional().describe('Where else it may be, each as host or host:port'),
    target_session_attrs: z.enum(['any', 'primary', 'read-write']).optional().describe('Which of the hosts may serve'),
    base_url: valueOrReference.optional(),
    headers: z.record(z.string(), valueOrReference).optional(),
    timeout_ms: z.int().min(1).optional(),
  })
  .describe('A database, or an HTTP service, that the migration runs against');

export const TOOLS = ['auto', ...SOURCE_TOOLS] as const;

export const sourceSchema = z
  .strictObject({
    id: sourceId.optional().describe("Default: the endpoint's id"),
    endpoint: id,
    tool: z.enum(TOOLS).default('auto'),
    path: z.string().min(1).describe('The folder of migrations, relative to this file'),
    stage: z.int32().optional(),
    options: z
      .strictObject({
        table: z.string().optional(),
        schema: z.string().optional(),
        placeholders: z.record(z.string(), z.string()).optional(),
        baseline: z.string().optional().describe('The version up to which the database counts as migrated already'),
        strict: z.boolean().optional(),
        to: z.string().optional().describe('The last file to apply'),
        rollback: z.string().optional(),
        concurrently: z.enum(['outside', 'inline']).optional(),
      })
      .optional(),
  })
  .describe('A folder of migrations of another tool, for one endpoint');

/** The second of two that are called alike would take the place of the first, whose folder nobody would apply. */
function checkIds(sources: readonly z.output<typeof sourceSchema>[], context: z.core.$RefinementCtx): void {
  const ids = sources.map(idOfSource);
  for (const [index, id] of ids.entries()) {
    const first = ids.indexOf(id);
    if (first === index) continue;
    const message = `is "${id}", as that of sources[${first}] is: give each source of an endpoint an "id" of its own`;
    context.addIssue({ code: 'custom', path: [index, 'id'], message });
  }
}

const bindingSchema = z.strictObject({ template: id, fields: anyObject.optional() });
const fieldSchema = z.strictObject({
  name: z.string(),
  type: z.enum(['String', 'Number', 'Boolean', 'Object', 'Array']),
  description: description.optional(),
  required: z.boolean(),
});

const apiSchema = z
  .strictObject({
    id,
    bindings: z.array(bindingSchema).default([]),
    stage: z.int32().default(0).describe('Stages run in order, the APIs of one stage in parallel'),
    next: z
      .strictObject({ fields: z.array(fieldSchema).optional(), bindings: z.array(bindingSchema).optional() })
      .optional()
      .describe('What the API becomes when the migration commits'),
  })
  .describe('An API and what the migration runs for it');

/** What stands in it is checked by the service, which says where it is wrong. */
const templateSchema = z
  .looseObject({
    id,
    description: description.optional(),
    template: z.looseObject({
      endpoint: id.optional(),
      kind: z.enum(['Read', 'Write', 'Transaction', 'TwoPhaseTransaction']),
      template: anyObject,
    }),
    defaults: anyObject.optional(),
    rollback: anyObject.optional(),
    outputs: z.record(z.string(), z.string()).optional(),
    expect: anyObject.optional(),
    batch: anyObject.optional(),
    timeout_ms: z.int().min(1).optional(),
    lock_timeout_ms: z.int().min(1).optional(),
    retries: z.int().min(0).optional(),
    transactional: z.boolean().optional(),
  })
  .describe('A statement with placeholders');

/** One line of releases over all databases of an application. The file of `eden apply`, and its JSON Schema's source. */
export const edenFileSchema = z
  .strictObject({
    version: z.literal(1),
    migration: id.describe('The line of releases: the first is called so, the next have -2, -3 … behind it'),
    description: description.optional(),
    labels: z.record(z.string(), z.string()).optional().describe('Of the release: a commit, a team'),
    notes: z.string().optional().describe('On the release: a ticket, what to watch'),
    endpoints: z.record(id, endpointSchema).default({}),
    sources: z.array(sourceSchema).superRefine(checkIds).default([]),
    apis: z.array(apiSchema).default([]),
    templates: z.array(templateSchema).default([]),
    parameters: anyObject.default({}),
    options: z
      .looseObject({
        atomicity: z.enum(['strict', 'best']).optional(),
        lock_timeout_ms: z.int().min(1).optional(),
        max_parallel: z.int().min(1).optional(),
        maintenance_window: z
          .strictObject({
            days: z
              .array(z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']))
              .min(1)
              .optional(),
            start: z.string().describe('HH:MM'),
            end: z.string().describe('HH:MM, which may lie on the next day'),
            timezone: z.string().describe('IANA name'),
          })
          .optional(),
        backfill: z
          .strictObject({
            target_batch_ms: z.int().min(1).optional(),
            max_rows_per_second: z.int().min(1).optional(),
            max_replica_lag_ms: z.int().min(1).optional(),
            max_active_sessions: z.int().min(1).optional(),
          })
          .optional()
          .describe('How fast batches go that commit one by one'),
        approval: z.boolean().optional(),
      })
      .default({}),
  })
  .describe('Eden Migrations: one migration over many databases that commits everywhere or nowhere');

export type EdenFile = z.output<typeof edenFileSchema>;
export type EndpointEntry = EdenFile['endpoints'][string];
export type SourceEntry = EdenFile['sources'][number];
