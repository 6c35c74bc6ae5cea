import { afterAll, describe, expect, it } from '@jest/globals';
import { describeControlContract, knownSteps } from '../../../database/src/testing/contract/contract.js';
import { STANDINGS } from '../../../database/src/testing/contract/standings.js';
import { stepTable } from '../../../database/src/testing/contract/step-table.js';
import { simulatedControl } from '../testing/simulated-control.js';

/** The same cases that run over PostgreSQL. */
const control = simulatedControl();
describeControlContract(control);
afterAll(() => control.stop());

/** What the contract misses when it is taken away: the guard, and the run by which that shows. */
const MISSED = [
  ['epoch-in-compare-and-set', 'a migrate that runs'],
  ['token-in-compare-and-set', 'a migrate that runs'],
  ['owner-in-compare-and-set', 'a migrate that runs'],
  ['timeline-at-the-end-of-an-abort', 'a migrate that is aborting'],
  ['catch-up-with-the-newest-fence', 'a migrate that is aborting'],
  ['timeline-at-the-end-before-t1', 'a migrate that waits for its lock, behind a failover'],
  ['plan-of-a-forgotten-attempt', 'a migrate that waits for its lock, behind a failover'],
  ['definition-of-a-forgotten-attempt', 'a migrate that waits for its lock, behind a failover'],
  ['revision-at-the-end-of-sync', 'a sync that runs, with a migrate behind it'],
] as const;

describe.each(MISSED)('without the guard "%s"', (guard, name) => {
  it(`${name} is done to what must not be done to it`, async () => {
    const standing = STANDINGS.filter((each) => each.name === name);
    const broken = simulatedControl(new Set([guard]));
    const known = knownSteps(name);
    expect(known).not.toEqual([]);
    expect(await stepTable(broken, standing)).not.toEqual(known);
    await broken.stop();
  });
});
