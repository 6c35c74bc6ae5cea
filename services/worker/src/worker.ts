import { setTimeout as delay } from 'node:timers/promises';
import { consumeRun } from '@eden/engine';
import type { WorkerContext } from './context.js';
import { startOutboxRelay } from './loops/outbox-relay.js';
import { startQueueMetrics } from './loops/queue-metrics.js';
import { startRecovery } from './loops/recovery.js';
import { startRetention } from './loops/retention.js';

/** A run that is not through by then is aborted and queued again for another worker; together below 25 s. */
const FINISH_MS = 15_000;

export interface Worker {
  /** Takes no more runs, finishes or hands over those in hand, closes everything. */
  stop(): Promise<void>;
}

export async function startWorker(context: WorkerContext): Promise<Worker> {
  const { deps, telemetry, database } = context;
  const drain = new AbortController();
  const operations = await context.startOperations();
  const relay = await startOutboxRelay(database.outbox, context.producer, deps);
  const recovery = startRecovery(deps, telemetry);
  const queueMetrics = startQueueMetrics(context.producer, telemetry.log, telemetry.queueObserved.bind(telemetry));
  const retention = startRetention(deps, context.retention, database.outbox);
  const consumer = context.startConsumer((runUuid) => consumeRun(deps, runUuid, drain.signal));
  telemetry.log.info('worker started', { operations_port: operations.port, owner: deps.settings.owner });
  return {
    stop: async () => {
      telemetry.log.info('worker stopping');
      const closed = consumer.close();
      // What a recovery or a round of retention has not finished, another worker does: nothing is won by waiting.
      const left = Promise.all([recovery.stop(), retention.stop()]);
      await Promise.race([closed, delay(FINISH_MS, undefined, { ref: false })]);
      drain.abort(new Error('the worker stops'));
      await Promise.all([closed, left, relay.stop(), queueMetrics.stop()]);
      await operations.close();
      await context.close();
      telemetry.log.info('worker stopped');
    },
  };
}
