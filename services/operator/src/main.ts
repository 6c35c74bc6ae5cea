import process from 'node:process';
import { loadOperatorConfig, runProcess } from '@eden/config';
import { createContext } from './context.js';
import { startOperator } from './operator.js';

await runProcess(async () => {
  const context = createContext(loadOperatorConfig());
  return startOperator(context, (reason) => {
    context.telemetry.log.error('operator ends', { error: reason });
    // Somebody else may lead by now: nothing that is under way may go on, and a drain is something under way.
    // eslint-disable-next-line n/no-process-exit
    process.exit(1);
  });
});
