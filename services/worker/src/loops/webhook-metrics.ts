import type { DeliveryBacklog, Logger, WebhookOutbox } from '@eden/domain';
import { startLoop } from './repeating.js';
import type { Loop } from './repeating.js';

const OBSERVE_MS = 15_000;

/** What is not delivered, for the gauges. */
export function startWebhookMetrics(
  outbox: WebhookOutbox,
  log: Logger,
  observe: (backlog: DeliveryBacklog) => void,
): Loop {
  return startLoop({
    name: 'webhook-metrics',
    everyMs: OBSERVE_MS,
    log,
    round: async () => observe(await outbox.backlog()),
  });
}
