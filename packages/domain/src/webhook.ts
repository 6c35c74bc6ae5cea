import type { Uuid } from './ids.js';
import type { JsonObject } from './json.js';

/** What a webhook can be told of. */
export const WEBHOOK_EVENTS = [
  'run.queued',
  'run.started',
  'run.succeeded',
  'run.failed',
  'run.cancelled',
  'run.in_doubt',
  'run.blocked',
  'approval.wanted',
] as const;
export type WebhookEventType = (typeof WEBHOOK_EVENTS)[number];

/** Sent by `POST …/test`, whatever the webhook wants to hear of. */
export const TEST_EVENT = 'webhook.test';

export const WEBHOOK_FORMATS = ['json', 'slack'] as const;
export type WebhookFormat = (typeof WEBHOOK_FORMATS)[number];

/** Somebody outside who hears of runs. Its URL may be a secret itself and is not among this. */
export interface Webhook {
  readonly uuid: Uuid;
  /** Scheme and host of its URL. */
  readonly place: string;
  readonly format: WebhookFormat;
  readonly events: readonly WebhookEventType[];
  readonly createdBy: string;
  readonly createdAt: Date;
}

/** Where a webhook leads, and what it signs with. Never leaves the process but for the signature. */
export interface WebhookTarget {
  readonly url: string;
  readonly secret: string;
}

/** One event, as it is told. `id` stays the same however often it is sent. */
export interface WebhookEvent {
  readonly id: Uuid;
  readonly type: WebhookEventType | typeof TEST_EVENT;
  readonly at: Date;
  readonly data: JsonObject;
}

/** `dead`: tried for a day in vain; sent again only when somebody asks for it. */
export const DELIVERY_STATES = ['pending', 'delivered', 'dead'] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** An event on its way to one webhook. */
export interface WebhookDelivery {
  readonly event: WebhookEvent;
  readonly state: DeliveryState;
  readonly attempts: number;
  /** When it is tried next, while it is pending. */
  readonly dueAt: Date;
  readonly lastStatus: number | null;
  readonly lastError: string | null;
  readonly createdAt: Date;
  readonly finishedAt: Date | null;
}

const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 3_600_000;

/** Until the next try of a delivery that has been tried so often: 5 s, 10 s, 20 s, … up to an hour. */
export function retryPauseMs(attempts: number): number {
  return Math.min(FIRST_PAUSE_MS * 2 ** Math.max(0, attempts - 1), LONGEST_PAUSE_MS);
}
