import { loadWorkerConfig, runProcess } from '@eden/config';
import { NO_CRASH_POINTS } from '@eden/domain';
import { startTracing } from '@eden/telemetry';
import { createContext } from './context.js';
import { startWorker } from './worker.js';

await runProcess(async () => {
  const config = loadWorkerConfig();
  const tracing = await startTracing({ service: 'worker', endpoint: config.otlpEndpoint });
  const context = createContext(config, NO_CRASH_POINTS, tracing);
  try {
    return await startWorker(context);
  } catch (error) {
    await context.close();
    throw error;
  }
});
