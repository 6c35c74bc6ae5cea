import type { Subject, Webhook, WebhookDelivery } from '@eden/domain';
import type { z } from 'zod';
import type { deliverySchema, webhookSchema } from '../schemas/webhook.js';
import { actionsOnWebhook } from './actions.js';

export function viewWebhook(subject: Subject, webhook: Webhook): z.output<typeof webhookSchema> {
  const { uuid, place, format, events, createdBy, createdAt } = webhook;
  return {
    uuid,
    url: place,
    format,
    events: [...events],
    created_by: createdBy,
    actions: actionsOnWebhook(subject, webhook),
    created_at: createdAt.toISOString(),
  };
}

export function viewDelivery(delivery: WebhookDelivery): z.output<typeof deliverySchema> {
  const { event, state, attempts, dueAt, lastStatus, lastError, createdAt, finishedAt } = delivery;
  return {
    uuid: event.id,
    type: event.type,
    at: event.at.toISOString(),
    data: event.data,
    state,
    attempts,
    next_attempt_at: state === 'pending' ? dueAt.toISOString() : null,
    last_status: lastStatus,
    last_error: lastError,
    created_at: createdAt.toISOString(),
    finished_at: finishedAt?.toISOString() ?? null,
  };
}
