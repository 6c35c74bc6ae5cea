import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { text } from 'node:stream/consumers';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, testSandbox } from '@eden/testkit';
import { commandsOf, isAsDocumented, outputsOf, scriptOf } from './runnable-document.js';
import type { Command } from './runnable-document.js';

const ROOT = join(import.meta.dirname, '..', '..');
const TIMEOUT_MS = 120_000;

/** Those that a stranger follows with a terminal at hand. */
const DOCUMENTS = ['README.md', ...markdownIn('docs/tutorial'), ...markdownIn('docs/how-to')];

function markdownIn(folder: string): string[] {
  const names = readdirSync(join(ROOT, folder)).filter((name) => name.endsWith('.md'));
  return names.map((name) => join(folder, name));
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

async function run(script: string): Promise<{ stdout: string; stderr: string }> {
  const shell = spawn('bash', ['-c', script], { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
  const [stdout, stderr] = await Promise.all([text(shell.stdout), text(shell.stderr)]);
  return { stdout, stderr };
}

/** The first command that did not end, or printed something else; null when all is as documented. */
function firstDeviation(commands: readonly Command[], outputs: readonly string[]): object | null {
  for (const [index, { line, script, prints }] of commands.entries()) {
    const printed = outputs[index] ?? '';
    const hasEnded = outputs.length > index + 1;
    const isFine = hasEnded && (prints === null || isAsDocumented(printed, prints));
    if (!isFine) return { line, script, hasEnded, printed, documented: prints };
  }
  return null;
}

describe('every command of the docs', () => {
  let pasted = '';

  beforeAll(async () => {
    pasted = await startDemo();
  }, TIMEOUT_MS);

  it.each(DOCUMENTS.filter((file) => commandsOf(join(ROOT, file)).length > 0))(
    'of %s runs in the live demo, and prints what stands there',
    async (file) => {
      const commands = commandsOf(join(ROOT, file));
      const { stdout, stderr } = await run(scriptOf(commands, pasted));
      expect({ deviation: firstDeviation(commands, outputsOf(stdout)), stderr }).toEqual({ deviation: null, stderr: '' });
    },
    TIMEOUT_MS,
  );
});
