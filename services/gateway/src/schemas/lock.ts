import { z } from 'zod';
import { timeSchema, uuidSchema } from './identifiers.js';

const holderSchema = z
  .object({
    process: z.string(),
    purpose: z.string(),
    since: timeSchema,
    fence: z.int().optional(),
    count: z.int().describe('Local users that share this lease'),
  })
  .meta({ id: 'LockHolder' });

export const lockSchema = z
  .object({
    resource: z.object({ kind: z.enum(['migration', 'api']), uuid: uuidSchema }),
    writer: holderSchema.nullable(),
    readers: z.array(holderSchema),
    waiting: z.array(holderSchema),
  })
  .meta({ id: 'Lock' });

export const migrationLockSchema = lockSchema
  .extend({ migration_id: z.string().describe('Of the migration whose run takes it') })
  .meta({ id: 'MigrationLock' });
