import type { Uuid } from '@eden/domain';
import { deliver } from '../webhooks/deliver.js';
import type { DeliveryDeps } from '../webhooks/deliver.js';
import { startLoop } from './repeating.js';
import type { Loop } from './repeating.js';

const POLL_MS = 2_000;
/** Tries at once, each of another webhook. */
const PLACES = 16;
/** Longer than a try takes. */
const CLAIM_MS = 30_000;

/** Sends events to webhooks as they come, and again when they are due. A webhook that hangs holds one place. */
export function startWebhooks(deps: DeliveryDeps): Pick<Loop, 'stop'> {
  const stopping = new AbortController();
  const underWay = new Map<Uuid, Promise<void>>();
  const begin = (webhook: Uuid, trying: Promise<void>): void => {
    const ended = trying
      .catch((error: unknown) => deps.log.warn('webhook outcome not noted', { webhook, error }))
      .finally(() => {
        underWay.delete(webhook);
        loop.wake();
      });
    underWay.set(webhook, ended);
  };
  const loop = startLoop({
    name: 'webhooks',
    everyMs: POLL_MS,
    log: deps.log,
    round: async () => {
      const free = PLACES - underWay.size;
      if (free === 0) return;
      for (const delivery of await deps.outbox.claim(free, CLAIM_MS, [...underWay.keys()])) {
        begin(delivery.webhookUuid, deliver(deps, delivery, stopping.signal));
      }
    },
  });
  const unsubscribe = deps.outbox.subscribe(() => loop.wake());
  return {
    stop: async () => {
      unsubscribe();
      stopping.abort(new Error('the worker stops'));
      await loop.stop();
      await Promise.all(underWay.values());
    },
  };
}
