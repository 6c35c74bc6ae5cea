import { EdenError } from '@eden/domain';
import { DatabaseError, type ClientBase } from 'pg';
import { PREPARED_SLOTS, slotHolders, slotsTaken } from './prepared-slots.js';

/*
 * What a server runs out of. PostgreSQL has one code for a full lock table, for prepared transactions that are all taken,
 * and for memory itself: the routine that says so tells them apart, in whatever language its words are.
 */

const DISK_FULL = '53100';
const OUT_OF_MEMORY = '53200';
const LIMIT_EXCEEDED = '53400';

/** Where twophase.c looks for a place for one more prepared transaction. */
const TAKES_SLOT = 'MarkAsPreparing';

const LOCK_TABLE = 'lock.c';

const SUGGESTIONS: readonly (readonly [string, string | null, string])[] = [
  [DISK_FULL, null, 'The disk of the database server is full: make room there, and migrate again'],
  [
    OUT_OF_MEMORY,
    LOCK_TABLE,
    'The lock table of the database server is full: raise its max_locks_per_transaction and restart it, or touch fewer tables, partitions and indexes at once',
  ],
  [OUT_OF_MEMORY, null, 'The database server has no memory for this: give it more, or let fewer things run at once'],
  [LIMIT_EXCEEDED, null, 'A limit that is set on the database server was met: its message names it; raise it there'],
];

/** What to do about a server that has run out of something; undefined for any other error. */
export function suggestionFor(error: unknown): string | undefined {
  if (!(error instanceof DatabaseError)) return undefined;
  const { code, file } = error;
  return SUGGESTIONS.find(([state, where]) => state === code && (where === null || where === file))?.[2];
}

/** True where the PREPARE found no place: it has ended its transaction, and the session may go on. */
export function isSlotShortage(error: unknown): boolean {
  return error instanceof DatabaseError && error.code === OUT_OF_MEMORY && error.routine === TAKES_SLOT;
}

/**
 * The PREPARE that found no place, with who has them. That passes when others end theirs, so it interrupts a run and does not
 * fail it.
 */
export async function slotShortage(client: ClientBase, endpointId: string, cause: unknown): Promise<EdenError> {
  const holders = await client.query(PREPARED_SLOTS).then(slotHolders, () => []);
  const details = `The database server cannot prepare one more transaction: ${slotsTaken(holders)}`;
  return new EdenError('SERVICE_UNAVAILABLE', { endpoint_id: endpointId, details, holders }, { cause });
}
