import { afterAll, describe, expect, it } from '@jest/globals';
import { CHAPTERS, describeConformance } from '../../../targets/src/testing/conformance/conformance.js';
import { World } from '../../../targets/src/testing/conformance/world.js';
import { simulatedKind } from '../testing/simulated-kind.js';

/** The same cases that run over PostgreSQL: what the simulator takes for a target does what a target does. */
const kind = simulatedKind();
describeConformance(kind);
afterAll(() => kind.stop());

/** What the conformance suite misses when it is taken away: the guard, and a case that fails without it. */
const STEP = 'a step outside the transaction';
const MISSED = [
  ['command-tag-of-prepare', 'a participant', 'whose statement failed cannot vote (two-phase)'],
  ['fence-at-begin', 'a fence', 'lets in its own and newer epochs, and no older one (two-phase)'],
  ['ledger-before-begin', 'a database', 'in which a run has committed begins nothing of that run any more (two-phase)'],
  ['fence-before-the-ledger-is-read', 'a fence', 'waits for whoever holds it, whose late vote is then found'],
  ['sessions-are-ended', 'a settlement', 'ends the sessions of older epochs of one run'],
  [
    'gate-read-as-a-separate-statement',
    'the gate of an API',
    'holds readers up until its migration has committed, and is newer then (two-phase)',
  ],
  [
    'gates-of-participants',
    'the gate of an API',
    'admits any number of readers, and no migration before they are through',
  ],
  [
    'gates-of-executions',
    'the gate of an API',
    'stays closed while its transaction is prepared, whose id a lock timeout names',
  ],
  ['epoch-of-a-step', STEP, 'in batches is no longer that of a worker behind whom another one came'],
  ['step-that-is-taken-back', STEP, 'in batches is taken back, and not begun again'],
  ['row-of-a-step-at-its-batch', STEP, 'in batches that is done commits no further one'],
  ['holder-of-a-step-is-ended', STEP, 'in batches is at one worker at a time, also within an epoch'],
  ['note-before-an-index-is-built', STEP, 'that builds an index leaves nothing invalid once it is taken back'],
  ['index-that-was-there', STEP, 'that builds an index takes none for its own that was there before'],
  ['proof-that-two-are-one', 'a database', 'is shown to be the one in which a lock is held, and no other'],
] as const;

describe.each(MISSED)('without the guard "%s"', (guard, chapter, name) => {
  it(`fails: ${chapter} ${name}`, async () => {
    const meant = CHAPTERS.find((each) => each.name === chapter)?.cases.find((each) => each.name === name);
    const broken = simulatedKind(new Set([guard]));
    const world = new World(broken);
    await world.setUp();
    await expect(Promise.resolve(meant?.run(world))).rejects.toThrow();
    await world.tidyUp();
    await world.close();
    await broken.stop();
  });
});
