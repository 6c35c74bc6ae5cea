import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { ROOT } from './ensure-installed.mjs';

/** Tools see a pipe, not the terminal that their output may end up in. */
const COLOR = process.stdout.isTTY ? { FORCE_COLOR: '1' } : { NO_COLOR: '1' };

/** Runs a command and prints one line for it; what the command says is shown only when it fails. */
export async function runStep({ name, command, args, env = {} }) {
  const start = performance.now();
  const child = spawn(command, args, {
    cwd: ROOT,
    env: { ...process.env, ...COLOR, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => output.push(chunk));
  const [exitCode] = await once(child, 'close');
  const passed = exitCode === 0;
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`${passed ? 'ok  ' : 'FAIL'} ${name} (${seconds} s)`);
  if (!passed) console.log(Buffer.concat(output).toString());
  return passed;
}

/** Runs all steps, `width` of them at a time. Resolves to whether all have passed. */
export async function runSteps(steps, width) {
  const waiting = [...steps];
  let passed = true;
  const runOneAfterTheOther = async () => {
    for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) {
      passed = (await runStep(step)) && passed;
    }
  };
  await Promise.all(Array.from({ length: width }, runOneAfterTheOther));
  return passed;
}
