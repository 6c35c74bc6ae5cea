import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { ControlUnderTest } from './control-under-test.js';
import { RACES } from './races.js';
import { stepTable } from './step-table.js';

const FILE = join(import.meta.dirname, 'steps.txt');

/** What every control database answers (steps.txt, which is written anew when it was deleted); of one standing where it is named. */
export function knownSteps(standing?: string): readonly string[] {
  const lines = readFileSync(FILE, 'utf8').trimEnd().split('\n');
  let title = '';
  return lines.filter((line) => {
    if (!line.startsWith(' ')) title = line;
    return standing === undefined || title.startsWith(`${standing}: `);
  });
}

/** Each step from each standing, hundreds of them; a busy machine is slow. */
const TABLE_MS = 600_000;

/**
 * What a control database has to do, whichever it is: the one of PostgreSQL, and the simulation's in memory.
 */
export function describeControlContract(control: ControlUnderTest): void {
  describe('a control database', () => {
    // Protocol: I4, I10, I11, I13, I20
    it(
      'lets whoever may take the steps of a run, and nobody else',
      async () => {
        const table = await stepTable(control);
        if (!existsSync(FILE)) writeFileSync(FILE, `${table.join('\n')}\n`);
        expect(table).toEqual(knownSteps());
      },
      TABLE_MS,
    );

    it.each(RACES)('$name', async ({ run }) => run(await control.newScene()));
  });
}
