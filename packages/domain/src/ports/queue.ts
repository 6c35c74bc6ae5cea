import type { Uuid } from '../ids.js';

/** Sends a wake-up call for a run. The run row is the truth; a lost or doubled job does no harm. */
export interface JobProducer {
  /** `messageUuid` becomes the job's id. @throws EdenError SERVICE_UNAVAILABLE when Redis is away (bounded). */
  send(messageUuid: Uuid, runUuid: Uuid): Promise<void>;
  /** Those of the messages whose jobs wait to be taken up, at once or later. @throws EdenError SERVICE_UNAVAILABLE */
  waiting(messageUuids: readonly Uuid[]): Promise<readonly Uuid[]>;
}

/** What the consumer of a job answers: `later` puts the job back without burning an attempt. */
export type JobOutcome = { readonly kind: 'done' } | { readonly kind: 'later'; readonly delayMs: number };
