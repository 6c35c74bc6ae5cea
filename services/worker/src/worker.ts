import type { WorkerContext } from './context.js';
import { startWorkWhenReady } from './work.js';

export interface Worker {
  /** Takes no more runs, finishes or hands over those in hand, closes everything. */
  stop(): Promise<void>;
}

export async function startWorker(context: WorkerContext): Promise<Worker> {
  const { deps, telemetry } = context;
  const operations = await context.startOperations();
  const stopping = new AbortController();
  const work = startWorkWhenReady(context, stopping.signal);
  telemetry.log.info('worker started', { operations_port: operations.port, owner: deps.settings.owner });
  return {
    stop: async () => {
      telemetry.log.info('worker stopping');
      stopping.abort();
      await (await work)?.stop();
      await operations.close();
      await context.close();
      telemetry.log.info('worker stopped');
    },
  };
}
