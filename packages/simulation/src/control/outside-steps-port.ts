import type { RunJournal } from '@eden/domain';
import type { Ask } from './control-way.js';
import * as outside from './outside-steps.js';

export function outsideSteps(ask: Ask) {
  return {
    beginSteps: (owned, rows, start) => ask('beginSteps', (at) => outside.beginSteps(at, owned, rows, start)),
    recordStep: (owned, number, change) => ask('recordStep', (at) => outside.recordStep(at, owned, number, change)),
    recordBatches: (owned, number, progress, news) =>
      ask('recordBatches', (at) => outside.recordBatches(at, owned, { number, progress, ...news })),
    holdBack: (owned, reason) => ask('holdBack', (at) => outside.holdBack(at, owned, reason)),
    endSteps: (owned, schemas) => ask('endSteps', (at) => outside.endSteps(at, owned, schemas)),
    catchUp: (owned, seen) => ask('catchUp', (at) => outside.catchUp(at, owned, seen)),
    leaveSteps: (owned) => ask('leaveSteps', (at) => outside.leaveSteps(at, owned)),
    failSteps: (owned, error, reason) => ask('failSteps', (at) => outside.failSteps(at, owned, error, reason)),
    beginLastSteps: (owned) => ask('beginLastSteps', (at) => outside.beginLastSteps(at, owned)),
    finishCompensation: (owned) => ask('finishCompensation', (at) => outside.finishCompensation(at, owned)),
    markStepInDoubt: (owned, evidence) => ask('markStepInDoubt', (at) => outside.markStepInDoubt(at, owned, evidence)),
  } satisfies Partial<RunJournal>;
}
