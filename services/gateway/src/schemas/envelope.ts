import { z } from 'zod';

/*
 * The frames that every answer stands in (contract section 2).
 */

const status = z.literal('success');

/** An action: `message` is the guide's sentence where the guide has one. */
export const messageSchema = z.object({ status, message: z.string() });

export function dataSchema<T extends z.ZodType>(data: T) {
  return z.object({ status, data });
}

export function messageWithDataSchema<T extends z.ZodType>(data: T) {
  return z.object({ status, message: z.string(), data });
}

export function pageSchema<T extends z.ZodType>(item: T) {
  return z.object({ status, data: z.array(item), next_cursor: z.string().nullable() });
}

export const emptyBodySchema = z.strictObject({});

const LARGEST_PAGE = 200;
const DEFAULT_PAGE = 50;

/** Newest first; `cursor` is the `next_cursor` of the page before. */
export const pageQuerySchema = z.object({
  limit: z.coerce.number().int().min(1).max(LARGEST_PAGE).default(DEFAULT_PAGE),
  cursor: z.string().max(1000).optional(),
});

export const errorSchema = z
  .looseObject({
    error: z.string().meta({ description: 'The sentence for people' }),
    code: z.string().meta({ description: 'For programs', example: 'TEMPLATE_NOT_FOUND' }),
    request_id: z.string(),
    issues: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: 'Error' });
