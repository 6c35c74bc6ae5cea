import { isAllowedHost, retryPauseMs, SIGNATURE_HEADER, signBody } from '@eden/domain';
import type { Chance, ClaimedDelivery, Clock, Logger, WebhookOutbox } from '@eden/domain';
import type { Post } from '@eden/targets';
import { payloadOf } from './payload.js';

export type DeliveryResult = 'delivered' | 'failed' | 'dead';

/** What sends events to webhooks. */
export interface DeliveryDeps {
  readonly outbox: WebhookOutbox;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly log: Logger;
  readonly allowedHosts: readonly string[];
  /** Answers the status; it leads to allowed addresses only. @throws what kept a status from coming */
  readonly post: (wanted: Omit<Post, 'socket'>, stop: AbortSignal) => Promise<number>;
  readonly onResult: (result: DeliveryResult) => void;
}

/** Pauses differ by so much, so that what failed together does not come back together. */
const JITTER = 0.2;
const MS_PER_SECOND = 1000;

/** One try, and what follows from it. @throws EdenError SERVICE_UNAVAILABLE: the claim ends, and it is tried again */
export async function deliver(deps: DeliveryDeps, delivery: ClaimedDelivery, stop: AbortSignal): Promise<void> {
  const { status, error } = await attempt(deps, delivery, stop);
  if (status !== null && error === null) {
    await deps.outbox.delivered(delivery, status);
    return deps.onResult('delivered');
  }
  const pauseMs = Math.round(retryPauseMs(delivery.attempts) * (1 + JITTER * deps.chance.fraction()));
  const state = await deps.outbox.failed(delivery, { status, error: error ?? '', pauseMs });
  const { webhookUuid: webhook, event, attempts } = delivery;
  const fields = { webhook, event: event.id, type: event.type, attempts, error };
  if (state === 'dead') deps.log.error('webhook given up', fields);
  else deps.log.warn('webhook not delivered', fields);
  deps.onResult(state === 'dead' ? 'dead' : 'failed');
}

interface Outcome {
  readonly status: number | null;
  readonly error: string | null;
}

async function attempt(deps: DeliveryDeps, delivery: ClaimedDelivery, stop: AbortSignal): Promise<Outcome> {
  const { event, format, target } = delivery;
  const url = new URL(target.url);
  if (!isAllowedHost(url, deps.allowedHosts)) {
    return { status: null, error: `${url.host} is not among WEBHOOK_ALLOWED_HOSTS` };
  }
  const body = payloadOf(event, format);
  const signature = signBody(body, [target.secret], deps.clock.now().getTime() / MS_PER_SECOND);
  const headers = {
    'Content-Type': 'application/json',
    'User-Agent': 'eden-migrations',
    'X-Eden-Event': event.type,
    'X-Eden-Delivery': event.id,
    [SIGNATURE_HEADER]: signature,
  };
  try {
    const status = await deps.post({ url, headers, body }, stop);
    return { status, error: problemOf(status) };
  } catch (error) {
    return { status: null, error: describe(error) };
  }
}

function problemOf(status: number): string | null {
  if (status >= 200 && status < 300) return null;
  return status >= 300 && status < 400 ? `answered ${status}: redirects are not followed` : `answered ${status}`;
}

/** For whoever has made the webhook: no address, which may be of our own network. */
function describe(error: unknown): string {
  const { code, message } = error as { readonly code?: unknown; readonly message?: string };
  return typeof code === 'string' ? `not reached: ${code}` : (message ?? 'not reached');
}
