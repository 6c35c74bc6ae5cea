import { DELIVERY_STATES, TEST_EVENT, WEBHOOK_EVENTS, WEBHOOK_FORMATS } from '@eden/domain';
import { z } from 'zod';
import { WEBHOOK_ACTIONS } from '../views/actions.js';
import { timeSchema, uuidSchema } from './identifiers.js';
import { jsonObjectSchema } from './json.js';

const LONGEST_URL = 2_000;
const LONGEST_SECRET = 256;

const eventSchema = z.enum(WEBHOOK_EVENTS);
const formatSchema = z.enum(WEBHOOK_FORMATS);

export const newWebhookSchema = z
  .strictObject({
    url: z
      .url({ protocol: /^https?$/, error: 'must be an http or https URL' })
      .max(LONGEST_URL)
      .refine((text) => !hasCredentials(text), 'must not hold credentials: the signature says who sends'),
    format: formatSchema.default('json'),
    events: z
      .array(eventSchema)
      .min(1)
      .refine((events) => new Set(events).size === events.length, 'must not repeat themselves'),
    secret: z.string().min(1).max(LONGEST_SECRET).optional().describe('Without it one is made'),
  })
  .meta({ id: 'NewWebhook' });

function hasCredentials(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { username, password } = new URL(text);
  return username !== '' || password !== '';
}

export const webhookSchema = z
  .object({
    uuid: uuidSchema,
    url: z.string().describe('Scheme and host: the rest may be a secret'),
    format: formatSchema,
    events: z.array(eventSchema),
    created_by: z.string(),
    actions: z.array(z.enum(WEBHOOK_ACTIONS)).describe('What the caller may do with it now'),
    created_at: timeSchema,
  })
  .meta({ id: 'Webhook' });

export const webhookWithSecretSchema = z
  .object({ uuid: uuidSchema, secret: z.string().describe('Signs what is sent; shown once') })
  .meta({ id: 'WebhookWithSecret' });

export const deliverySchema = z
  .object({
    uuid: uuidSchema.describe('The id of its event'),
    type: z.enum([...WEBHOOK_EVENTS, TEST_EVENT]),
    at: timeSchema,
    data: jsonObjectSchema,
    state: z.enum(DELIVERY_STATES).describe('dead: tried for a day in vain'),
    attempts: z.int(),
    next_attempt_at: timeSchema.nullable(),
    last_status: z.int().nullable(),
    last_error: z.string().nullable(),
    created_at: timeSchema,
    finished_at: timeSchema.nullable(),
  })
  .meta({ id: 'WebhookDelivery' });
