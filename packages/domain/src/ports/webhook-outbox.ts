import type { Uuid } from '../ids.js';
import type { WebhookEvent, WebhookFormat, WebhookTarget } from '../webhook.js';

/** A delivery that this process has to try now. */
export interface ClaimedDelivery {
  readonly organizationUuid: Uuid;
  readonly webhookUuid: Uuid;
  readonly event: WebhookEvent;
  readonly format: WebhookFormat;
  readonly target: WebhookTarget;
  /** With this one. */
  readonly attempts: number;
}

/** How a try ended: the status that came back, or what kept one from coming. */
export interface DeliveryFailure {
  readonly status: number | null;
  readonly error: string;
  readonly pauseMs: number;
}

/** What is not delivered now. */
export interface DeliveryBacklog {
  readonly pending: number;
  readonly oldestAgeMs: number;
  readonly dead: number;
}

/** Deliveries on their way, over all organizations: sent by whichever worker claims them. */
export interface WebhookOutbox {
  /**
   * The oldest due delivery of so many webhooks, each for this process alone until the claim ends; none of `busy`, so that
   * a webhook that hangs holds one place and no more.
   */
  claim(limit: number, claimMs: number, busy: readonly Uuid[]): Promise<readonly ClaimedDelivery[]>;
  delivered(delivery: ClaimedDelivery, status: number): Promise<void>;
  /** Due again after the pause; given up where that is too late. */
  failed(delivery: ClaimedDelivery, failure: DeliveryFailure): Promise<'pending' | 'dead'>;
  backlog(): Promise<DeliveryBacklog>;
  /** Calls when there may be something to claim. @returns the way to stop it */
  subscribe(onDelivery: () => void): () => void;
  /** Takes away what has had its time: answers of calls, deliveries that are done with. */
  sweep(): Promise<void>;
}
