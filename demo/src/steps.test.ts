import { expect, it } from '@jest/globals';
import { Steps, type Output } from './steps.js';

function outputOfPipe() {
  const lines: string[] = [];
  const output = { isTTY: false, write: (text: string) => lines.push(text) > 0 } as unknown as Output;
  return { output, lines };
}

it('a step without a terminal is one line, with its finished bar and its time', async () => {
  const { output, lines } = outputOfPipe();
  const steps = new Steps(output);
  await steps.run('Syncing', async (report) => report(0.5));
  expect(lines).toEqual([expect.stringMatching(/^Syncing +█{24} 100% +\d+\.\d\d s\n$/)]);
});

it('a step that fails has no finished bar', async () => {
  const { output, lines } = outputOfPipe();
  const work = () => Promise.reject(new Error('no'));
  await expect(new Steps(output).run('Syncing', work)).rejects.toThrow('no');
  expect(lines).toEqual([]);
});
