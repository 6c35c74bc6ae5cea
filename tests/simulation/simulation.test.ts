import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from '@jest/globals';
import { GUARDS } from '@eden/simulation';

const ROOT = join(import.meta.dirname, '..', '..');
const MAIN = join(ROOT, 'packages/simulation/dist/main.js');
/** For how long fresh seeds are tried; EDEN_SIMULATE_SECONDS for longer. */
const SECONDS = Number(process.env['EDEN_SIMULATE_SECONDS'] ?? 60);

const MUTATIONS = GUARDS.flatMap(({ name, mutation }) => (mutation === undefined ? [] : [{ name, mutation }]));

async function simulator(...args: readonly string[]): Promise<{ readonly output: string; readonly exitCode: number }> {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = new Promise<number>((resolve) => child.on('close', (code) => resolve(code ?? 1)));
  const output = await text(child.stdout);
  return { output, exitCode: await exited };
}

// Protocol: I4, I6, I10, I11, I12, I13, I15, I16, I17, I18, I20, I21
describe('the engine under the simulator', () => {
  it('keeps every promise in fresh schedules', async () => {
    const { output, exitCode } = await simulator('--seconds', String(SECONDS));
    console.log(output);
    expect(output.trim().split('\n').at(-1)).toMatch(/^[1-9]\d* passed, 0 failed$/);
    expect(exitCode).toBe(0);
  });

  it.each(['gates-of-participants', 'gates-of-executions', 'decision-before-the-commit'])(
    'breaks one without the guard "%s", and says how to see it again',
    async (guard) => {
      const { output, exitCode } = await simulator('--break', guard, '--from', '1');
      expect(output).toContain(`--break ${guard}`);
      expect(output.trim().split('\n').at(-1)).toMatch(/passed, [1-9]\d* failed$/);
      expect(exitCode).toBe(1);
    },
  );

  it.each(MUTATIONS)('can take the guard "$name" out of exactly one place', ({ mutation: { file, from } }) => {
    expect(readFileSync(join(ROOT, 'packages', file), 'utf8').split(from)).toHaveLength(2);
  });
});
