import type { JsonObject, JsonValue } from '@eden/domain';
import { z } from 'zod';

/** Any value: what has been parsed from JSON is JSON already, so there is nothing left to check. */
export const jsonValueSchema = z.unknown() as unknown as z.ZodType<JsonValue>;

export const jsonObjectSchema: z.ZodType<JsonObject> = z.record(z.string(), jsonValueSchema);
