import type { ForgottenRun, OutboxMessage, OutboxStore } from '@eden/domain';
import { asking, type ControlWay } from './control-way.js';
import { insertMessage } from './outbox-rows.js';
import { isUnattended, mayTake, type Statement } from './steps.js';
import type { OutboxRow } from './tables.js';

export function outboxOf(way: ControlWay): OutboxStore {
  const ask = asking(way, 'outbox');
  return {
    claim: (limit, leaseMs) => ask('claim', (at) => claimMessages(at, limit, leaseMs)),
    markSent: (uuids) =>
      ask('markSent', (at) => {
        for (const uuid of uuids) at.tx.change('outbox', uuid, { sentAt: at.now });
      }),
    forgotten: (olderThanMs) => ask('forgotten', (at) => forgotten(at, olderThanMs)),
    stillWaiting: (messages) =>
      ask('stillWaiting', (at) => {
        for (const uuid of messages) at.tx.change('outbox', uuid, { sentAt: at.now });
      }),
    requeueForgotten: (olderThanMs, runs) =>
      ask('requeueForgotten', (at) => {
        const still = forgotten(at, olderThanMs).filter(({ runUuid }) => runs.includes(runUuid));
        for (const { runUuid } of still) insertMessage(at, runUuid);
        return still.length;
      }),
    subscribe: (onMessage) => {
      const stop = way.database.listen(way.process, 'eden_outbox', () => onMessage());
      return Promise.resolve(() => {
        stop();
        return Promise.resolve();
      });
    },
    sweep: () => Promise.resolve(),
  };
}

function claimMessages({ tx, now }: Statement, limit: number, leaseMs: number): readonly OutboxMessage[] {
  const isDue = (row: OutboxRow): boolean => row.sentAt === null && (row.dueAt ?? 0) <= now;
  const free = tx.all('outbox').filter((row) => isDue(row) && (row.claimedUntil ?? -1) < now);
  const claimed = free.slice(0, limit);
  for (const row of claimed) tx.put('outbox', row.uuid, { ...row, claimedUntil: now + leaseMs });
  return claimed.map(({ uuid, runUuid }) => ({
    uuid,
    runUuid,
    traceparent: tx.get('runs', runUuid)?.traceparent ?? null,
  }));
}

function forgotten(at: Statement, olderThanMs: number): readonly ForgottenRun[] {
  const { tx, now } = at;
  const recent = now - olderThanMs;
  return tx.all('runs').flatMap((row) => {
    const isWaiting = row.slot === 'active' && (mayTake(row, 'claim', row) || mayTake(row, 'reclaim', row));
    if (!isWaiting || !isUnattended(at, row, olderThanMs)) return [];
    const messages = tx.all('outbox').filter((message) => message.runUuid === row.uuid);
    const isCalled = messages.some(({ sentAt, createdAt }) => sentAt === null || Math.max(createdAt, sentAt) >= recent);
    return isCalled ? [] : [{ runUuid: row.uuid, lastMessage: messages.at(-1)?.uuid ?? null }];
  });
}
