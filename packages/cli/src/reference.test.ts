import { expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const REFERENCE = join(import.meta.dirname, '..', '..', '..', 'docs', 'reference', 'cli.md');

/** How many cells a row of a table has: a bar that is escaped is text. Of what is no row, none. */
function cellsIn(line: string | undefined): number {
  return line?.startsWith('|') === true ? line.split(/(?<!\\)\|/).length - 2 : 0;
}

it('the tables of the reference have rows of one width, whatever stands in the flags of a command', () => {
  const lines = readFileSync(REFERENCE, 'utf8').split('\n');
  const broken = lines.filter((line, at) => {
    const [above, here] = [cellsIn(lines[at - 1]), cellsIn(line)];
    return above > 0 && here > 0 && above !== here;
  });
  expect(broken).toEqual([]);
  expect(lines.filter((line) => cellsIn(line) === 2).length).toBeGreaterThan(100);
});
