import { setTimeout as delay } from 'node:timers/promises';
import { consumeRun } from '@eden/engine';
import type { WorkerContext } from './context.js';
import { startAuditChain } from './loops/audit-chain.js';
import { startOutboxRelay } from './loops/outbox-relay.js';
import { startQueueMetrics } from './loops/queue-metrics.js';
import { startRecovery } from './loops/recovery.js';
import { startRetention } from './loops/retention.js';
import { startWebhookMetrics } from './loops/webhook-metrics.js';
import { startWebhooks } from './loops/webhooks.js';

/** A run that is not through by then is aborted and queued again for another worker; together below 25 s. */
const FINISH_MS = 15_000;
const ASK_MS = 250;

/** All that a worker does to the control database, the queue and the targets. */
export interface Work {
  /** Takes no more runs, finishes or hands over those in hand. */
  stop(): Promise<void>;
}

/**
 * Begins the work once the control database has what this version needs, so that a rollout costs nobody a run, and the
 * installation knows the place where it is reached: before, it may be a copy, whose runs are somebody else's. Null when
 * the process stops first.
 */
export async function startWorkWhenReady(context: WorkerContext, stop: AbortSignal): Promise<Work | null> {
  return (await isReady(context, stop)) ? startWork(context) : null;
}

async function isReady(
  { telemetry: { log }, database: { store } }: WorkerContext,
  stop: AbortSignal,
): Promise<boolean> {
  let told: string | undefined;
  while (!stop.aborted) {
    try {
      await store.checkSchema();
      await store.checkPlace();
      return true;
    } catch (error) {
      const reason = String(error);
      if (reason !== told) log.warn('no work yet', { error });
      told = reason;
      await delay(ASK_MS, undefined, { signal: stop }).catch(() => undefined);
    }
  }
  return false;
}

async function startWork(context: WorkerContext): Promise<Work> {
  const { deps, telemetry, database } = context;
  const drain = new AbortController();
  const relay = await startOutboxRelay(database.outbox, context.producer, deps);
  const recovery = startRecovery(deps, telemetry);
  const queueMetrics = startQueueMetrics(context.producer, telemetry.log, telemetry.queueObserved.bind(telemetry));
  const retention = startRetention(deps, context.retention, [database.outbox, database.webhooks]);
  const webhooks = startWebhooks(context.webhooks);
  const webhookMetrics = startWebhookMetrics(
    database.webhooks,
    telemetry.log,
    telemetry.webhooksObserved.bind(telemetry),
  );
  const auditChain = startAuditChain(context.auditKeeping, telemetry);
  const consumer = context.startConsumer((runUuid) => consumeRun(deps, runUuid, drain.signal));
  return {
    stop: async () => {
      const closed = consumer.close();
      // What a recovery or a round of retention has not finished, another worker does: nothing is won by waiting.
      const left = Promise.all([recovery.stop(), retention.stop(), auditChain.stop()]);
      await Promise.race([closed, delay(FINISH_MS, undefined, { ref: false })]);
      drain.abort(new Error('the worker stops'));
      await Promise.all([closed, left, relay.stop(), queueMetrics.stop(), webhooks.stop(), webhookMetrics.stop()]);
    },
  };
}
