import type { ExecFileException } from 'node:child_process';
import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const SCRIPT = join(import.meta.dirname, '../../scripts/model.mjs');
const MISSING = ['spin', 'gcc'].filter((command) => spawnSync(command, ['--version']).error !== undefined);
if (MISSING.length > 0) {
  const text = `${MISSING.join(' and ')} not installed, so spec/commit.pml is not searched. npm run model says how to get it.`;
  process.stderr.write(`note: ${text}\n`);
}
const itWithSpin = MISSING.length === 0 ? it : it.skip;

/** A search is work for the processor alone, and a busy machine is slow. */
const SEARCH_MS = 900_000;

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function model(args: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<Ended> {
  return new Promise((resolve) => {
    const done = (error: ExecFileException | null, stdout: string, stderr: string): void =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    execFile(process.execPath, [SCRIPT, ...args], { env, maxBuffer: 1e8 }, done);
  });
}

// Protocol: I12, I13, I16, I20, I21, I30
describe('the model of the commit protocol', () => {
  itWithSpin(
    'holds in every state of the small configurations, and SPIN finds each planted mistake',
    async () => {
      const { code, stdout } = await model(['--quick']);
      expect({ code, wrong: stdout.split('\n').filter((line) => line.startsWith('FAIL')) }).toEqual({
        code: 0,
        wrong: [],
      });
      expect(stdout).toMatch(/^ok {3}NO_PLACE: found .*\n(?: {7}(?:world|worker|request) .*\n)+ {7}=> broken: /m);
      expect(stdout).toMatch(/\n\d+ passed, 0 failed\n$/);
    },
    SEARCH_MS,
  );

  it('says in one line how to get SPIN where there is none', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'eden-no-spin-'));
    const { code, stdout, stderr } = await model(['--quick'], { PATH: folder });
    rmSync(folder, { recursive: true });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^npm run model needs SPIN and a C compiler: apt-get install spin gcc .*\n$/);
  });
});
