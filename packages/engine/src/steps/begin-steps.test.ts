import { expect, it } from '@jest/globals';
import type { NewOutsideStep, OutsideStep, OwnedRun } from '@eden/domain';
import type { Ownership } from '../control/ownership.js';
import type { EngineDeps } from '../deps.js';
import type { PlannedWork } from '../plan/planned-work.js';
import { beginSteps } from './begin-steps.js';

// Protocol: I35
it('a run that comes again in the middle of its steps goes on with those that are written down', async () => {
  const written = { number: 0, phase: 'before', class: 'irreversible', apiId: 'files', work: {} };
  const rows = [{ ...written, state: 'done', attempts: 1 } as unknown as OutsideStep];
  const begun: NewOutsideStep[] = [];
  const journal = {
    reader: () => ({ outsideSteps: () => Promise.resolve(rows) }),
    beginSteps: (owned: OwnedRun, steps: readonly NewOutsideStep[]) => {
      begun.push(...steps);
      return Promise.resolve(owned);
    },
  };
  const current = { run: { startedAt: new Date() }, owner: 'worker' } as OwnedRun;
  const advance: Ownership['advance'] = async (step) => void (await step(current));
  // What is planned, and the histories, are not looked at once more.
  const planned = {} as PlannedWork;
  await beginSteps({ journal } as unknown as EngineDeps, { current, advance } as Ownership, planned);
  expect(begun).toEqual([written]);
});
