import type { Uuid } from '@eden/domain';
import { asUuid, isUuid } from '@eden/domain';
import type { JobsOptions } from 'bullmq';

/** Name of the one queue; the keys of all job kinds stand below it. */
export const QUEUE_NAME = 'runs';

/** A hash tag, so that all keys of the queue live in one slot of a cluster. */
export const PREFIX = '{eden}';

/** Job name → payload. Ids only: what a job is about stands in the control database. */
export interface JobCatalogue {
  readonly run: { readonly runUuid: Uuid };
}
export type JobName = keyof JobCatalogue;

type Parser<N extends JobName> = (data: unknown) => JobCatalogue[N] | null;

const PARSERS: { readonly [N in JobName]: Parser<N> } = {
  run: (data) => {
    const runUuid = typeof data === 'object' && data !== null && 'runUuid' in data ? data.runUuid : null;
    return typeof runUuid === 'string' && isUuid(runUuid) ? { runUuid: asUuid(runUuid) } : null;
  },
};

/**
 * A finished job is kept for a while, because its id keeps a message that is sent twice from running twice. A handler
 * that fails is tried again with growing pauses (about a minute); after that, the outbox writes a new message.
 */
export const JOB_OPTIONS: JobsOptions = {
  attempts: 8,
  backoff: { type: 'exponential', delay: 500 },
  removeOnComplete: { age: 3_600, count: 10_000 },
  removeOnFail: { age: 24 * 3_600, count: 10_000 },
};

/** The payload of a job as it came from Redis; null when nobody of this version sent it. */
export function parseJob<N extends JobName>(expected: N, name: string, data: unknown): JobCatalogue[N] | null {
  return name === expected ? PARSERS[expected](data) : null;
}
