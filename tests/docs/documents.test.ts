import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, testSandbox } from '@eden/testkit';
import { commandsOf, runDocument } from './runnable-document.js';

const ROOT = join(import.meta.dirname, '..', '..');
const TIMEOUT_MS = 180_000;

/** Need what the demo never has. What runs their commands instead: */
const ELSEWHERE: Readonly<Record<string, string>> = {
  [join('docs', 'how-to', 'resolve-a-run-in-doubt.md')]: 'tests/docs/in-doubt.test.ts',
  [join('docs', 'how-to', 'apply-from-ci.md')]: 'tests/docs/folders.test.ts',
  [join('docs', 'how-to', 'bring-your-folders.md')]: 'tests/docs/folders.test.ts',
  [join('docs', 'tutorial', 'four-weeks.md')]: 'tests/docs/folders.test.ts',
  [join('docs', 'tutorial', 'your-own-folders.md')]: 'tests/docs/folders.test.ts',
};

/** Need what no test has beside the demo; what they describe is tested without their commands. Why: */
const NOT_RUN: Readonly<Record<string, string>> = {
  [join('docs', 'how-to', 'approve-plans.md')]: 'several people; their requests are those of tests/runs/approval',
  [join('docs', 'how-to', 'find-drift.md')]: 'shows requests; those of tests/runs/drift',
  [join('docs', 'how-to', 'rehearse.md')]:
    'shows requests, and what the plan says of them; those of tests/runs/rehearsal',
  [join('docs', 'how-to', 'call-services.md')]: 'a service outside; its requests are those of tests/runs/http',
  [join('docs', 'how-to', 'fill-large-tables.md')]: 'shows requests; they are those of tests/runs/backfill',
  [join('docs', 'how-to', 'rotate-keys.md')]: 'processes start anew with other secrets',
  [join('docs', 'how-to', 'run-steps-outside.md')]: 'shows requests, and what the plan says of them',
  [join('docs', 'how-to', 'tell-others-of-runs.md')]: 'somebody outside who is told',
  [join('docs', 'how-to', 'use-an-identity-provider.md')]: "an identity provider of one's own",
  [join('docs', 'how-to', 'use-the-dashboard.md')]: 'a browser; its pages are those of tests/ui',
  [join('docs', 'how-to', 'use-the-operator.md')]: 'a cluster; the objects are those of tests/operator',
  [join('docs', 'how-to', 'verify-the-audit.md')]: 'a role of the control database, and what was kept of it earlier',
};

/** Those that a stranger follows with a terminal at hand. */
const DOCUMENTS = ['README.md', ...markdownIn('docs/tutorial'), ...markdownIn('docs/how-to')];

function markdownIn(folder: string): string[] {
  const names = readdirSync(join(ROOT, folder)).filter((name) => name.endsWith('.md'));
  return names.map((name) => join(folder, name)).filter((file) => !(file in ELSEWHERE || file in NOT_RUN));
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

it.each(Object.entries(ELSEWHERE))('%s is run by %s', (document, test) => {
  expect(readFileSync(join(ROOT, test), 'utf8')).toContain(document);
  expect(commandsOf(document).length).toBeGreaterThan(0);
});

it.each(Object.entries(NOT_RUN))('%s says of no command that it was run: %s', (document) => {
  expect(commandsOf(document)).toEqual([]);
});
