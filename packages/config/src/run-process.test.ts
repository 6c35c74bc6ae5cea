import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { describe, expect, it } from '@jest/globals';

/** A service whose stop takes as long as somebody keeps its input open. */
const SERVICE = `
  import { runProcess } from '${new URL('../dist/run-process.js', import.meta.url).href}';
  await runProcess(async () => {
    const alive = setInterval(() => {}, 1000);
    return { stop: async () => { console.log('stopping'); await process.stdin.resume().toArray(); clearInterval(alive); console.log('stopped'); } };
  });
  console.log('started');`;

function startService() {
  const child = spawn(process.execPath, ['--input-type=module', '-e', SERVICE], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  return { child, exit: once(child, 'exit'), line: async () => (await lines.next()).value as string };
}

describe('a process that is told to stop', () => {
  it('drains to the end, also when the signal comes twice at once', async () => {
    const { child, exit, line } = startService();
    expect(await line()).toBe('started');
    child.kill('SIGINT');
    expect(await line()).toBe('stopping');
    child.kill('SIGINT');
    child.stdin.end();
    expect(await line()).toBe('stopped');
    expect(await exit).toEqual([0, null]);
  });

  it('ends at once when it is told again later', async () => {
    const { child, exit, line } = startService();
    expect(await line()).toBe('started');
    child.kill('SIGTERM');
    expect(await line()).toBe('stopping');
    const again = setInterval(() => child.kill('SIGTERM'), 200);
    expect(await exit).toEqual([null, 'SIGTERM']);
    clearInterval(again);
  });
});
