import process from 'node:process';
import { parseArgs } from 'node:util';
import { Demo } from './demo.js';

const { values } = parseArgs({ options: { exit: { type: 'boolean', default: false } } });
const demo = new Demo();
const interrupted = new Promise<void>((resolve) => {
  // On and not once: Ctrl-C comes from the terminal and again from npm, and the second must not cut the stop short.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => resolve());
});

try {
  const isProved = await Promise.race([demo.run().then(() => true), interrupted.then(() => false)]);
  if (!isProved) process.exitCode = 1;
  if (isProved) demo.printAccess({ stays: !values.exit });
  if (isProved && !values.exit) await Promise.race([interrupted, demo.watch()]);
} catch (error) {
  process.stderr.write(`\nThe demo failed: ${error instanceof Error ? error.message : String(error)}\n`);
  process.stderr.write(await demo.describeLogs());
  process.exitCode = 1;
} finally {
  await demo.stop();
}
