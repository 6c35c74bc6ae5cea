import process from 'node:process';
import { parseArgs } from 'node:util';
import { Demo } from './demo.js';

const { values } = parseArgs({ options: { exit: { type: 'boolean', default: false } } });
const demo = new Demo();
const interrupted = new Promise<void>((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
});

try {
  await Promise.race([demo.run(), interrupted]);
  if (!values.exit) {
    demo.printAccess();
    await interrupted;
  }
} catch (error) {
  process.stderr.write(`\nThe demo failed: ${error instanceof Error ? error.message : String(error)}\n`);
  process.stderr.write(await demo.describeLogs());
  process.exitCode = 1;
} finally {
  await demo.stop();
}
