/*
 * Why a run waits: sentences for people, as clauses of which the run is the subject or the owner. Those that nobody can
 * name more exactly; what a target or a holder of a lock has to do with it, whoever meets it says.
 */
export const WAITS_FOR_WORKER = 'waits for a worker';
export const WAITS_FOR_SYNC = 'waits for the sync before it';
export const WAITS_FOR_LOCK = 'asks for the write lock of its migration and its APIs';
export const WAITS_FOR_SLOT =
  'as many runs of its organization as may are at work in every worker that has looked at it';

/** Longest reason that is kept, in characters: what servers say may be of any length. */
const LONGEST_REASON = 500;

/** Text of others, cut to a length that fits into a history; never in the middle of a character. */
export function cutWords(words: string, longest = LONGEST_REASON): string {
  return words.length <= longest ? words : `${words.slice(0, longest).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/** Nobody heard of its worker for longer than a lease. @param worker Null where it was taken from it. */
export function workerLost(worker: string | null, attempt: number): string {
  return worker === null
    ? `was taken from its worker in attempt ${attempt}`
    : `its worker ${worker} ended without a word in attempt ${attempt}`;
}
