import type { CrashPoints, JobProducer, OutboxStore, Uuid } from '@eden/domain';

/** How long a claimed message may take to be sent before another relay sends it again (harmless: same job id). */
const CLAIM_MS = 10_000;
const BATCH = 100;

/**
 * Sends claimed messages as jobs and marks them sent; answers how many. One that cannot be sent now ends the round:
 * its claim runs out and it is sent again.
 */
export async function relayOutbox(
  outbox: OutboxStore,
  producer: JobProducer,
  crashPoints: CrashPoints,
): Promise<number> {
  const messages = await outbox.claim(BATCH, CLAIM_MS);
  const sent: Uuid[] = [];
  try {
    for (const { uuid, runUuid } of messages) {
      await producer.send(uuid, runUuid);
      await crashPoints.reach('after-send');
      sent.push(uuid);
    }
  } finally {
    if (sent.length > 0) await outbox.markSent(sent);
  }
  return sent.length;
}

/**
 * Calls a worker again for runs that wait without a call: Redis has lost their jobs, or the worker that had one died. A run
 * whose job still waits in the queue needs no other one, however long its turn takes. Answers how many were called.
 */
export async function callForgotten(outbox: OutboxStore, producer: JobProducer, olderThanMs: number): Promise<number> {
  const forgotten = await outbox.forgotten(olderThanMs);
  if (forgotten.length === 0) return 0;
  const messages = forgotten.flatMap(({ lastMessage }) => lastMessage ?? []);
  const waiting = new Set(await producer.waiting(messages));
  if (waiting.size > 0) await outbox.stillWaiting([...waiting]);
  const lost = forgotten.filter(({ lastMessage }) => lastMessage === null || !waiting.has(lastMessage));
  return outbox.requeueForgotten(
    olderThanMs,
    lost.map(({ runUuid }) => runUuid),
  );
}
