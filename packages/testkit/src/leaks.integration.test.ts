import { expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

const LEAKS = join(import.meta.dirname, '..', 'leaks');

it('a run whose tests leave something behind fails and says what', async () => {
  const jest = createRequire(import.meta.url).resolve('jest/bin/jest');
  const args = ['--experimental-vm-modules', jest, '--config', join(LEAKS, 'jest.config.js')];
  const { EDEN_TOTALS_FILE: _, ...env } = process.env;
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  const closed = once(child, 'close');
  const output = await text(child.stderr);
  expect(await closed).toEqual([1, null]);
  expect(output).toContain('1 failed, 1 passed, 2 total');
  expect(output).toContain('during "fails": what the process has logged');
  expect(output).toContain('Left in a database of this test file: session "leaked session"');
  expect(output).toMatch(/Tests left processes behind: .*leaked-redis/);
});
