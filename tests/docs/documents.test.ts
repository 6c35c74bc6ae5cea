import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, testSandbox } from '@eden/testkit';
import { commandsOf, runDocument } from './runnable-document.js';

const ROOT = join(import.meta.dirname, '..', '..');
const TIMEOUT_MS = 180_000;

/** Need what the demo never has. Where what they do is tested instead: */
const ELSEWHERE: Readonly<Record<string, string>> = {
  [join('docs', 'how-to', 'resolve-a-run-in-doubt.md')]: 'tests/docs/in-doubt.test.ts',
  [join('docs', 'how-to', 'apply-from-ci.md')]: 'tests/cli/command-line.test.ts',
  [join('docs', 'how-to', 'bring-your-folders.md')]: 'tests/sources/folders.test.ts',
  [join('docs', 'tutorial', 'your-own-folders.md')]: 'tests/cli/folders.test.ts',
};

/** Those that a stranger follows with a terminal at hand. */
const DOCUMENTS = ['README.md', ...markdownIn('docs/tutorial'), ...markdownIn('docs/how-to')];

function markdownIn(folder: string): string[] {
  const names = readdirSync(join(ROOT, folder)).filter((name) => name.endsWith('.md'));
  return names.map((name) => join(folder, name)).filter((file) => !(file in ELSEWHERE));
}

/** Starts the demo as `npm run demo` does. Answers the lines that it tells the reader to paste. */
async function startDemo(): Promise<string> {
  const sandbox = await testSandbox();
  const main = join(ROOT, 'demo', 'dist', 'main.js');
  const demo = await sandbox.startProcess({ name: 'demo', command: process.execPath, args: [main] });
  const log = await eventually(
    async () => {
      const output = await demo.readLog();
      return output.includes('Ctrl-C stops it') ? output : Promise.reject(new Error(output));
    },
    { timeoutMs: TIMEOUT_MS },
  );
  return (log.match(/^ {2}export .+$/gm) ?? []).join('\n');
}

describe('every command of the docs', () => {
  let pasted = '';

  beforeAll(async () => {
    pasted = await startDemo();
  }, TIMEOUT_MS);

  it.each(DOCUMENTS)(
    'of %s runs in the live demo, and prints what stands there',
    async (file) => {
      expect(commandsOf(file).length).toBeGreaterThan(0);
      expect(await runDocument(file, pasted)).toEqual({ deviation: null, stderr: '' });
    },
    TIMEOUT_MS,
  );
});

it.each(Object.entries(ELSEWHERE))('what %s does is tested by %s', (...files) => {
  for (const file of files) expect(existsSync(join(ROOT, file))).toBe(true);
});
