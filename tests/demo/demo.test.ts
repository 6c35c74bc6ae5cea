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
      expect(await demo.readLog()).toMatch(/^Migrating both clusters +█+ 100% +\d+\.\d\d s$/m);

      process.kill(demo.pid, 'SIGINT');
      process.kill(demo.pid, 'SIGINT');
      expect(await demo.waitForExit()).toEqual({ code: 0, signal: null });
      await expect(fetch(`${url}/readyz`)).rejects.toThrow('fetch failed');
    },
    TIMEOUT_MS,
  );

  it(
    'stops by itself with --exit, behind the URL and the credentials',
    async () => {
      const sandbox = await testSandbox();
      const demo = await sandbox.startProcess({ name: 'demo-exit', command: process.execPath, args: [MAIN, '--exit'] });
      expect(await demo.waitForExit()).toEqual({ code: 0, signal: null });
      const log = await demo.readLog();
      expect(log).toMatch(/The service is up: http:\S+\/docs\n[^]*organization demo, user admin, password \S+\n/);
      expect(log).not.toContain('Ctrl-C');
    },
    TIMEOUT_MS,
  );
});
