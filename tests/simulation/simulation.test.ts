import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from '@jest/globals';
import { AIMED_AT, GUARDS } from '@eden/simulation';

const ROOT = join(import.meta.dirname, '..', '..');
const MAIN = join(ROOT, 'packages/simulation/dist/main.js');
/** For how long fresh seeds are tried; EDEN_SIMULATE_SECONDS for longer. */
const SECONDS = Number(process.env['EDEN_SIMULATE_SECONDS'] ?? 60);
/** Several times what the slowest of them needs. */
const SEEDS_FOR_A_GUARD = '100';
const GUARD_TIMEOUT_MS = 600_000;

const MUTATIONS = GUARDS.flatMap(({ name, mutation }) => (mutation === undefined ? [] : [{ name, mutation }]));

const running = new Set<ChildProcess>();

/** What a test did not wait for takes no processor from those behind it. */
afterEach(() => running.forEach((child) => child.kill()));

async function simulator(...args: readonly string[]): Promise<{ readonly output: string; readonly exitCode: number }> {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  running.add(child);
  const exited = new Promise<number>((resolve) => child.on('close', (code) => resolve(code ?? 1)));
  void exited.then(() => running.delete(child));
  const output = await text(child.stdout);
  return { output, exitCode: await exited };
}

// Protocol: I4, I6, I10, I11, I12, I13, I15, I16, I17, I18, I20, I21, I35, I37, I38, I39
describe('the engine under the simulator', () => {
  it('keeps every promise in fresh schedules', async () => {
    const { output, exitCode } = await simulator('--seconds', String(SECONDS));
    console.log(output);
    // The whole output: a seed that fails is to be read from the message alone.
    expect(output.trim()).toMatch(/\n[1-9]\d* passed, 0 failed$/);
    expect(exitCode).toBe(0);
  });

  it.each(['decision-before-the-commit', ...AIMED_AT])(
    'breaks one without the guard "%s", and says how to see it again',
    async (guard) => {
      const { output, exitCode } = await simulator('--break', guard, '--from', '1', '--seeds', SEEDS_FOR_A_GUARD);
      expect(output).toContain(`--break ${guard}`);
      expect(output.trim().split('\n').at(-1)).toMatch(/passed, [1-9]\d* failed$/);
      expect(exitCode).toBe(1);
    },
    GUARD_TIMEOUT_MS,
  );

  it('has every guard in the table of what becomes of the engine without it', () => {
    const rows = JSON.parse(readFileSync(join(ROOT, 'spec/guards.json'), 'utf8')) as { readonly guards: string[] }[];
    const named = new Set(rows.flatMap(({ guards }) => guards));
    expect([...named].sort()).toEqual(GUARDS.map(({ name }) => name).sort());
  });

  it.each(MUTATIONS)('can take the guard "$name" out of exactly one place', ({ mutation: { file, from } }) => {
    expect(readFileSync(join(ROOT, 'packages', file), 'utf8').split(from)).toHaveLength(2);
  });
});
