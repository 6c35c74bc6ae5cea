import { loadWorkerConfig, runProcess } from '@eden/config';
import { createContext } from './context.js';
import { startWorker } from './worker.js';

await runProcess(async () => {
  const context = createContext(loadWorkerConfig());
  try {
    return await startWorker(context);
  } catch (error) {
    await context.close();
    throw error;
  }
});
