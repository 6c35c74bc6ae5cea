import { join } from 'node:path';
import process from 'node:process';
import { describe, expect, it } from '@jest/globals';
import { eventually, testSandbox } from '@eden/testkit';

const MAIN = join(import.meta.dirname, '..', '..', 'demo', 'dist', 'main.js');
const TIMEOUT_MS = 120_000;

describe('the demo', () => {
  it(
    'stays up until Ctrl-C, and stops in order although that comes more than once',
    async () => {
      const sandbox = await testSandbox();
      const demo = await sandbox.startProcess({ name: 'demo', command: process.execPath, args: [MAIN] });
      const url = await eventually(
        async () => /The service is up: (\S+)\/docs[^]*Ctrl-C/.exec(await demo.readLog())?.[1] ?? Promise.reject(demo),
        { timeoutMs: TIMEOUT_MS },
      );
      expect((await fetch(`${url}/readyz`)).status).toBe(200);

      process.kill(demo.pid, 'SIGINT');
      process.kill(demo.pid, 'SIGINT');
      expect(await demo.waitForExit()).toEqual({ code: 0, signal: null });
      await expect(fetch(`${url}/readyz`)).rejects.toThrow('fetch failed');
    },
    TIMEOUT_MS,
  );
});
