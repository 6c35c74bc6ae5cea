import type { NewOutsideStep, OutsideStep, Uuid } from '@eden/domain';
import type { Ownership } from '../control/ownership.js';
import type { EngineDeps } from '../deps.js';
import { endpointVersionsOf } from '../plan/make-plan.js';
import type { PlannedWork } from '../plan/planned-work.js';
import { stepsOfPlan } from './steps-of-plan.js';

/** Whether a run has steps outside its transaction to do before it takes its lock. */
export async function hasStepsToDo(deps: EngineDeps, ownership: Ownership, { plan }: PlannedWork): Promise<boolean> {
  const isPlanned = plan.apis.some(({ bindings }) => bindings.some(({ outside }) => outside !== undefined));
  if (!isPlanned) return false;
  const { uuid, organizationUuid } = ownership.current.run;
  const steps = await deps.journal.reader(organizationUuid).outsideSteps(uuid);
  return steps.length === 0 || steps.some(isLeftToDo);
}

function isLeftToDo({ phase, state }: OutsideStep): boolean {
  return phase === 'before' && state !== 'done';
}

/**
 * Writes the steps down, all of them, before the first one is tried: from there on their rows tell what there is to do. A run
 * that comes again in the middle of them goes on with these: the histories that they were made from have their files by now.
 */
export async function beginSteps(deps: EngineDeps, ownership: Ownership, planned: PlannedWork): Promise<void> {
  const { run } = ownership.current;
  const written = await deps.journal.reader(run.organizationUuid).outsideSteps(run.uuid);
  const startedAt = run.startedAt ?? deps.clock.now();
  const isFirst = written.length === 0;
  const steps = isFirst ? await stepsOfPlan(deps, { ...run, startedAt }, planned) : written.map(asWritten);
  const endpointVersions = isFirst ? endpointVersionsOf(planned.work) : new Map<Uuid, number>();
  await ownership.advance((owned) => deps.journal.beginSteps(owned, steps, { startedAt, endpointVersions }));
}

function asWritten(step: OutsideStep): NewOutsideStep {
  const { number, phase, class: name, api, apiId, binding, template, endpointUuid, database, work } = step;
  return { number, phase, class: name, api, apiId, binding, template, endpointUuid, database, work };
}
