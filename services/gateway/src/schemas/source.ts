import { SOURCE_FILE_STATES, SOURCE_TOOLS } from '@eden/domain';
import { z } from 'zod';
import { SOURCE_ACTIONS } from '../views/actions.js';
import { newEndpointSchema } from './endpoint.js';
import { idSchema, refSchema, timeSchema, uuidSchema } from './identifiers.js';
import { jsonObjectSchema } from './json.js';
import { addApiSchema, optionsSchema as migrationOptionsSchema } from './migration.js';
import { newTemplateSchema } from './template.js';

const MOST_FILES = 20_000;
const MOST_SOURCES = 200;
const MOST_APIS = 1_000;
const MOST_TEMPLATES = 1_000;

/** Of PostgreSQL, in characters; it cuts longer ones off. */
const nameSchema = z.string().min(1).max(63);

const optionsSchema = z
  .strictObject({
    table: z.string().min(1).max(127).optional().describe('Of the history, where the tool does not call it as usual'),
    schema: nameSchema.optional().describe('Of the history'),
    placeholders: z.record(z.string(), z.string()).optional().describe('Values of ${name} in the files'),
    baseline: z.string().min(1).max(1000).optional().describe('Up to which file an existing database has everything'),
    strict: z.boolean().optional().describe('Refuses (true) or passes over (false) changed, missing and late files'),
    to: z.string().min(1).max(1000).optional().describe('The last file to apply'),
    rollback: z.string().min(1).max(1000).optional().describe('Folder within the source of what takes its files back'),
    concurrently: z.enum(['outside', 'inline']).optional(),
  })
  .meta({ id: 'SourceOptions' });

const fileSchema = z.strictObject({ path: z.string(), text: z.string() }).meta({ id: 'NewSourceFile' });

const folderShape = {
  endpoint: refSchema,
  tool: z.enum([...SOURCE_TOOLS, 'auto']).default('auto'),
  stage: z.int32().default(0),
  options: optionsSchema.default({}),
  files: z.array(fileSchema).max(MOST_FILES).default([]).describe('Left out where they come as parts of their own'),
};

export const newSourceSchema = z.strictObject(folderShape).meta({ id: 'NewSource' });

export const newPlanSchema = z
  .strictObject({
    sources: z
      .array(z.strictObject({ id: idSchema.optional().describe('Default: the endpoint’s id'), ...folderShape }))
      .max(MOST_SOURCES)
      .default([]),
    apis: z.array(addApiSchema).max(MOST_APIS).default([]).describe('As for add_api; they need not be there'),
    templates: z
      .array(newTemplateSchema)
      .max(MOST_TEMPLATES)
      .default([])
      .describe('Those of the APIs that are not in the service, or otherwise; wants level Admin on their endpoints'),
    endpoints: z
      .array(newEndpointSchema)
      .max(MOST_SOURCES)
      .default([])
      .describe('Of sources and templates, where they are not in the service yet; wants level Admin'),
    parameters: jsonObjectSchema.default({}).describe('Of the migration, for the bindings of its APIs'),
    options: migrationOptionsSchema.default({}),
  })
  .meta({ id: 'NewPlan' });

const storedFileSchema = z
  .object({ path: z.string(), sha256: z.string(), size: z.int().describe('In bytes') })
  .meta({ id: 'SourceFile' });

export const putSourceResultSchema = z
  .object({
    source: z.string().describe('Its id'),
    uuid: uuidSchema,
    tool: z.enum([...SOURCE_TOOLS, 'auto']),
    api: z.string().describe('Id of the API that it has in the migration'),
    files: z.array(storedFileSchema),
  })
  .meta({ id: 'PutSource' });

const statusSchema = z
  .object({
    path: z.string(),
    version: z.string().nullable(),
    state: z.enum(SOURCE_FILE_STATES).nullable().describe('As last seen; null before the first look'),
    reason: z.string().nullable(),
    sha256: z.string().nullable(),
    size: z.int().nullable(),
  })
  .meta({ id: 'SourceFileStatus' });

export const sourceSchema = z
  .object({
    id: z.string(),
    uuid: uuidSchema,
    endpoint: uuidSchema,
    endpoint_id: z.string(),
    tool: z.enum([...SOURCE_TOOLS, 'auto']),
    stage: z.int(),
    options: optionsSchema,
    api: z.string(),
    api_uuid: uuidSchema,
    files: z.array(statusSchema),
    checked_at: timeSchema.nullable(),
    actions: z.array(z.enum(SOURCE_ACTIONS)).describe('What the caller may do with it now'),
    created_at: timeSchema,
    updated_at: timeSchema,
  })
  .meta({ id: 'Source' });

export const sourceTextSchema = z
  .object({
    path: z.string(),
    text: z.string().nullable().describe('Null where the bytes are no UTF-8'),
    base64: z.string().describe('The bytes exactly as they were sent'),
  })
  .meta({ id: 'SourceText' });

export const sourceQuerySchema = z.object({
  live: z.enum(['true', 'false']).default('false').describe('Reads the history in the target now'),
});
