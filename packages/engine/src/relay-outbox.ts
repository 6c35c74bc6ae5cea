import type { CrashPoints, JobProducer, OutboxStore, Tracer } from '@eden/domain';

/** How long a claimed message may take to be sent before another relay sends it again (harmless: same job id). */
const CLAIM_MS = 10_000;
const BATCH = 100;

/**
 * Sends claimed messages as jobs, all at once, and marks them sent; answers how many. One that cannot be sent now ends the
 * round: its claim runs out and it is sent again.
 */
export async function relayOutbox(
  outbox: OutboxStore,
  producer: JobProducer,
  { telemetry, crashPoints }: { readonly telemetry: Tracer; readonly crashPoints: CrashPoints },
): Promise<number> {
  const messages = await outbox.claim(BATCH, CLAIM_MS);
  const sending = messages.map(async ({ uuid, runUuid, traceparent }) => {
    const span = { name: 'outbox send', attributes: { 'eden.run': runUuid }, parent: traceparent };
    await telemetry.traced(span, () => producer.send(uuid, runUuid));
    await crashPoints.reach('after-send');
    return uuid;
  });
  const results = await Promise.allSettled(sending);
  const sent = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  if (sent.length > 0) await outbox.markSent(sent);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
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
