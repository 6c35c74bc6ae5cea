import type { Uuid } from '@eden/domain';
import type { Statement } from './steps.js';

/** In the order in which they were written. */
export function insertMessage({ tx, now }: Statement, runUuid: Uuid, pauseMs = 0): void {
  const number = tx.all('outbox').filter((row) => row.runUuid === runUuid).length + 1;
  const uuid = messageUuid(runUuid, number);
  tx.put('outbox', uuid, {
    uuid,
    runUuid,
    createdAt: now,
    dueAt: pauseMs === 0 ? null : now + pauseMs,
    claimedUntil: null,
    sentAt: null,
  });
  tx.notify('eden_outbox', '');
}

/** The number stands where the run's uuid has its first digits: a uuid of its own, and the same in every repetition. */
function messageUuid(runUuid: Uuid, number: number): Uuid {
  return `${number.toString(16).padStart(8, '0')}${runUuid.slice(8)}` as Uuid;
}
