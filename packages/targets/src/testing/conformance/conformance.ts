import { afterAll, afterEach, beforeAll, beforeEach, describe, it } from '@jest/globals';
import type { Ability } from './abilities.js';
import { BLOCKED } from './blocked.js';
import type { Chapter } from './case.js';
import { CRASHES } from './crashes.js';
import { EXECUTIONS } from './executions.js';
import { FENCES } from './fences.js';
import { GATES } from './gates.js';
import { IDENTITIES } from './identities.js';
import { INSPECTION } from './inspection.js';
import { INSTALLATION } from './installation.js';
import type { KindUnderTest } from './kind-under-test.js';
import { PARTICIPANTS } from './participants.js';
import { SETTLEMENTS } from './settlements.js';
import { REQUESTS } from './requests.js';
import { SILENCE } from './silence.js';
import { STEPS } from './steps.js';
import { World } from './world.js';

export const CHAPTERS: readonly Chapter[] = [
  INSPECTION,
  INSTALLATION,
  IDENTITIES,
  EXECUTIONS,
  REQUESTS,
  STEPS,
  GATES,
  PARTICIPANTS,
  FENCES,
  SETTLEMENTS,
  BLOCKED,
  CRASHES,
  SILENCE,
];

/**
 * What every kind of target has to pass. The cases are written against the port alone; those that need what the kind
 * cannot do are left out, and stand as such in the table of `npm run test:kinds`.
 */
export function describeConformance(kind: KindUnderTest): void {
  const world = new World(kind);

  describe(kind.name, () => {
    beforeAll(() => world.setUp());
    beforeEach(() => world.database.freshTable());
    afterEach(() => world.tidyUp());
    afterAll(() => world.close());

    const isMeant = (needs: readonly Ability[] = []) => needs.every((need) => world.abilities.has(need));
    const chapters = CHAPTERS.filter(({ needs }) => isMeant(needs));
    describe.each(chapters)('$name', ({ cases }) => {
      const meant = cases.filter(({ needs }) => isMeant(needs));
      for (const { name, run } of meant) it(name, () => run(world));
    });
  });
}
