import { AUDIT_FINDINGS } from '@eden/domain';
import { z } from 'zod';
import { pageQuerySchema } from './envelope.js';
import { timeSchema, uuidSchema } from './identifiers.js';
import { jsonObjectSchema } from './json.js';

const LONGEST_TEXT = 512;
const text = z.string().min(1).max(LONGEST_TEXT);
const moment = z.iso.datetime({ offset: true }).transform((time) => new Date(time));

export const auditQuerySchema = pageQuerySchema.extend({
  actor: text.optional().describe('Who did it'),
  action: text.optional().describe('What was done, such as endpoint.create or run.finished'),
  subject: text.optional().describe('To what'),
  since: moment.optional().describe('Not before this moment'),
  until: moment.optional().describe('Before this moment'),
  format: z.enum(['json', 'jsonl']).default('json').describe('jsonl: all that fit, oldest first, one to a line'),
});

const positionSchema = z.object({
  position: z.int().describe('Place in the chain of the organization, from 1'),
  hash: z.string().describe('SHA-256 over the link before and the entry'),
});

export const auditEntrySchema = z
  .object({
    uuid: uuidSchema,
    at: timeSchema,
    actor: z.string(),
    action: z.string(),
    subject: z.string(),
    origin: z.string().nullable().describe('The address of the request, or the worker'),
    request_id: z.string().nullable(),
    result: z.string().describe('success, or what came of it instead'),
    data: jsonObjectSchema,
    link: positionSchema.nullable().describe('Null until the entry has its place, for about a second'),
  })
  .meta({ id: 'AuditEntry' });

const KNOWN = /^(\d{1,15}):([0-9a-f]{64})$/;

export const auditVerificationQuerySchema = z.object({
  known: z
    .string()
    .regex(KNOWN, 'must be <position>:<hash>, as head of an earlier verification')
    .transform((known) => {
      const [, position = '', hash = ''] = KNOWN.exec(known) ?? [];
      return { position: Number(position), hash };
    })
    .optional()
    .describe('The head of an earlier verification, as <position>:<hash>: whether the chain still leads through it'),
});

export const auditVerificationSchema = z
  .object({
    intact: z.boolean().describe('Nothing was found'),
    links: z.int().describe('Entries that were looked at'),
    waiting: z.int().describe('Entries of the last moments that have no place in the chain yet'),
    head: positionSchema,
    checkpoint: positionSchema
      .extend({ at: timeSchema })
      .nullable()
      .describe('The last entry that AUDIT_RETENTION_DAYS has taken away'),
    findings: z.array(
      z.object({
        kind: z.enum(AUDIT_FINDINGS),
        position: z.int().nullable(),
        entry: uuidSchema.nullable(),
        details: z.string(),
      }),
    ),
    further_findings: z.int(),
  })
  .meta({ id: 'AuditVerification' });
